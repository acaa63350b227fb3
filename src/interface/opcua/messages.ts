/** What passes between the gateway and its OPC UA process. One board at a time: the next one waits for `took`. */

import type { Board } from '../board.ts';

export type ToServer =
  | {
      readonly type: 'start';
      /** address to listen on */
      readonly host: string;
      /** TCP port; 0 takes any */
      readonly port: number;
      /** folder of certificates: own, trusted, rejected */
      readonly pkiDir: string;
      readonly board: Board;
      readonly wallMs: number;
    }
  | { readonly type: 'board'; readonly board: Board; readonly wallMs: number }
  | { readonly type: 'stop' };

export type FromServer =
  | { readonly type: 'serving'; readonly url: string }
  /** the last start or board was taken in; send the next */
  | { readonly type: 'took' }
  /** it cannot serve, and will end */
  | { readonly type: 'failed'; readonly why: string };
