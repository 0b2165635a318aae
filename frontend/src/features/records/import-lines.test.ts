import { describe, expect, it, vi } from 'vitest';
import { importResult, refusal } from './import-lines';

function body(...chunks: string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(encoder.encode(chunk));
      controller.close();
    },
  });
}

describe('importResult', () => {
  it('tells of progress and gives the result, wherever the chunks are cut', async () => {
    const onProgress = vi.fn();
    const result = await importResult(
      body(
        '{"progress":{"imported":50',
        '0,"skipped":0}}\n{"error":{"index":700,"details":[{"message":"no"}]}}\n',
        '{"progress":{"imported":999,"skipped":1}}\n{"result":{"imported":999,"skip',
        'ped":1}}',
      ),
      onProgress,
    );
    expect(onProgress.mock.calls).toEqual([[500], [1000]]);
    expect(result).toEqual({ imported: 999, skipped: 1, errors: [{ index: 700, details: [{ message: 'no' }] }] });
  });

  it('names the record that ended it', async () => {
    const refused = { error: 'validation_error', index: 1, details: [{ field: 'n', message: 'Expected number' }] };
    const line = JSON.stringify({ refused: { status: 400, body: refused } });
    await expect(importResult(body(line), vi.fn())).rejects.toThrow('Record 2: Expected number');
  });

  it('does not take an early end for success', async () => {
    await expect(importResult(body('{"progress":{"imported":5,"skipped":0}}\n'), vi.fn())).rejects.toThrow(
      /ended before/,
    );
  });
});

describe('refusal', () => {
  it('keeps what is known of a refusal without record', () => {
    expect(refusal(413, { message: 'Too large' }).message).toBe('Too large');
  });
});
