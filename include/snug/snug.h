/* Snug: small self-normalizing neural networks. This header takes all the others. */
#ifndef SNUG_H
#define SNUG_H

#include <snug/activation.h>
#include <snug/bench.h>
#include <snug/data.h>
#include <snug/describe.h>
#include <snug/experiment.h>
#include <snug/file.h>
#include <snug/kind.h>
#include <snug/layer.h>
#include <snug/memory.h>
#include <snug/metrics.h>
#include <snug/model.h>
#include <snug/plot.h>
#include <snug/status.h>
#include <snug/train.h>

#endif
