/** An event of a stream (HTML standard, section 9.2). */
export interface StreamEvent {
  event: string;
  data: string;
  /** The id that stands with it. */
  id?: string;
}

/** Reads a stream of events piece by piece, wherever it is cut. */
export class StreamReader {
  private rest = '';
  private event = '';
  private data: string[] = [];
  private id: string | undefined;

  /** The events that are complete with this piece. */
  read(piece: string): StreamEvent[] {
    // A line break may be cut in two.
    const text = this.rest + piece;
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    const events: StreamEvent[] = [];
    for (const line of lines) {
      if (line !== '') this.take(line);
      else if (this.data.length > 0) events.push(this.finish());
      else this.event = '';
    }
    return events;
  }

  private take(line: string) {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') this.event = value;
    else if (name === 'data') this.data.push(value);
    else if (name === 'id') this.id = value;
  }

  private finish(): StreamEvent {
    const done = { event: this.event || 'message', data: this.data.join('\n'), id: this.id };
    this.event = '';
    this.data = [];
    this.id = undefined;
    return done;
  }
}
