/* Snug: small self-normalizing neural networks. This header takes all the others. */
#ifndef SNUG_H
#define SNUG_H

#include <snug/activation.h>
#include <snug/data.h>
#include <snug/describe.h>
#include <snug/experiment.h>
#include <snug/field_value.h>
#include <snug/gradient_check.h>
#include <snug/kind.h>
#include <snug/layer.h>
#include <snug/loss.h>
#include <snug/memory.h>
#include <snug/metrics.h>
#include <snug/model.h>
#include <snug/optimizer.h>
#include <snug/plot.h>
#include <snug/random.h>
#include <snug/schedule.h>
#include <snug/session.h>
#include <snug/status.h>
#include <snug/train.h>

#endif
