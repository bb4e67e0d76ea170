// Runs every exported model of a directory in onnxruntime and compares what it gives with what Snug
// predicts: see export_models.c for the files. The last line counts the models.
// usage: NODE_PATH=BUILD/onnx/node_modules node compare.js DIRECTORY
'use strict';

const fs = require('fs');
const path = require('path');
const ort = require('onnxruntime-node');

const TOLERANCE = 1e-5; // of a number, relative to max(1, |number|)
const TIE = 1e-6; // probabilities this close may swap their classes
const BATCHES = [1, 7];

// The rows of NAME.bin.
function read(file) {
  const bytes = fs.readFileSync(file);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const [rows, columns, outputs] = new Int32Array(buffer, 0, 3);
  let at = 12;
  const take = (Type, count) => {
    const array = new Type(buffer, at, count);
    at += 4 * count;
    return array;
  };
  return {
    rows, columns, outputs,
    features: take(Float32Array, rows * columns),
    predictions: take(Float32Array, rows * outputs),
    classes: take(Int32Array, rows),
  };
}

// What differs in one row, or null.
function difference(wanted, i, numbers, label) {
  const row = wanted.predictions.subarray(i * wanted.outputs, (i + 1) * wanted.outputs);
  for (let j = 0; j < wanted.outputs; j++) {
    const error = Math.abs(numbers[j] - row[j]) / Math.max(1, Math.abs(row[j]));
    if (!(error <= TOLERANCE) && !(Number.isNaN(row[j]) && Number.isNaN(numbers[j]))) {
      return `output ${j}: ${numbers[j]}, but Snug predicts ${row[j]}`;
    }
  }
  const wantedClass = wanted.classes[i];
  if (wantedClass < 0 || label === wantedClass) return null;
  const gap = Math.abs(row[label] - row[wantedClass]);
  return gap < TIE ? null : `class ${label}, but Snug predicts ${wantedClass}`;
}

// Runs rows first .. first + count - 1; returns what differs in the first row that does, or null.
async function runBatch(session, wanted, first, count) {
  const {columns, outputs} = wanted;
  const features = wanted.features.slice(first * columns, (first + count) * columns);
  const results = await session.run(
      {features: new ort.Tensor('float32', features, [count, columns])});
  const numbers = results.values || results.probabilities || results.scores;
  if (String(numbers.dims) !== String([count, outputs])) {
    return `the output has the shape [${numbers.dims}]`;
  }
  if (results.label && String(results.label.dims) !== String([count])) {
    return `the label has the shape [${results.label.dims}]`;
  }
  for (let i = 0; i < count; i++) {
    const label = results.label ? Number(results.label.data[i]) : -1;
    const row = numbers.data.subarray(i * outputs, (i + 1) * outputs);
    const wrong = difference(wanted, first + i, row, label);
    if (wrong) return `row ${first + i} in a batch of ${count}: ${wrong}`;
  }
  return null;
}

async function compare(directory, name) {
  const wanted = read(path.join(directory, name + '.bin'));
  const session = await ort.InferenceSession.create(
      path.join(directory, name + '.onnx'),
      {intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3});
  for (const size of BATCHES) {
    for (let first = 0; first < wanted.rows; first += size) {
      const wrong =
          await runBatch(session, wanted, first, Math.min(size, wanted.rows - first));
      if (wrong) return wrong;
    }
  }
  return null;
}

async function main() {
  const directory = process.argv[2];
  const names = fs.readFileSync(path.join(directory, 'index.txt'), 'utf8').trim().split('\n');
  let failed = 0;
  for (const name of names) {
    let wrong;
    try {
      wrong = await compare(directory, name);
    } catch (error) {
      wrong = error.message;
    }
    if (wrong) {
      console.log(`${name}: ${wrong}`);
      failed++;
    }
  }
  console.log(`${names.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || names.length === 0 ? 1 : 0;
}

main();
