/** Why a request is not carried out, in words for who asked. */

import type { Reason } from './gate.ts';

export interface Pair {
  readonly en: string;
  readonly zh: string;
}

/** Those of the gate, and those that show while it is carried out. */
export type Failure = Reason | 'no-such-capture' | 'not-ready' | 'several' | 'failed' | 'broker-limit';

export const WORDS: { readonly [F in Failure]: Pair } = {
  'too-large': { en: 'the request is larger than 4 KiB', zh: '请求超过 4 KiB' },
  unreadable: { en: 'this is no request, or its id is none', zh: '不是请求，或请求号无效' },
  retained: {
    en: 'a retained request is an old one: publish it without retain',
    zh: '保留消息视为过期请求：请不带 retain 发布',
  },
  'not-authorised': { en: 'no key of the box fits this signature', zh: '签名与本机任何公钥不符' },
  'other-box': { en: 'it was signed for another box', zh: '该请求签给另一台设备' },
  unknown: { en: 'the box knows no such request', zh: '本机没有此类请求' },
  unclear: { en: 'the order is not as it should be', zh: '请求内容有误' },
  'not-allowed': { en: 'this key may not ask that', zh: '该密钥无权提出此请求' },
  repeated: { en: 'this id was used already', zh: '请求号已用过' },
  stale: {
    en: 'it is too old, or was sent before the box began to listen: sign it with the nonce',
    zh: '请求过期，或早于本机开始监听：请连同 nonce 重新签名',
  },
  clock: {
    en: 'the clock of the box is not synchronised: sign it with the nonce',
    zh: '本机时钟未同步：请连同 nonce 重新签名',
  },
  busy: { en: 'too many requests at a time: again later', zh: '请求过多，请稍后再试' },
  'no-such-capture': { en: 'there is no such capture on the box (any more)', zh: '本机没有（或已不再有）该捕获文件' },
  'not-ready': { en: 'the capture is still being written: again in a minute', zh: '捕获文件仍在写入，请一分钟后再试' },
  several: {
    en: 'several captures have an event of this id: name the capture',
    zh: '多个捕获文件含该事件号：请指定捕获文件',
  },
  failed: { en: 'the box could not do it', zh: '本机未能完成' },
  'broker-limit': {
    en: 'the broker takes no packet that large: ask for smaller pieces',
    zh: '服务器不接受该大小的报文：请减小分片',
  },
};
