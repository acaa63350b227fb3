/** A small sound file of every form that is read, all of the same talk but for the recording. */

import * as forms from './forms.ts';
import { TALK } from './forms.ts';
import { recording } from './recordings.ts';

export const FILES: { readonly [name: string]: Uint8Array } = {
  socat: forms.socat(TALK, { digits: 9 }),
  'socat -v': forms.socat(TALK, { verbose: true }),
  jpnevulator: forms.jpnevulator(TALK),
  interceptty: forms.interceptty(TALK, true),
  'saleae 1': forms.saleae1(TALK),
  'saleae 2': forms.saleae2(TALK),
  text: forms.text(TALK),
  'pcap RTAC': forms.pcap(forms.rtac(TALK)),
  'pcap bare': forms.pcap(forms.bare(TALK), { linktype: 147 }),
  'pcap TCP': forms.pcap(forms.ethernet(forms.tcpParts(TALK)), { linktype: 1 }),
  'pcap TCP, VLAN': forms.pcap(forms.ethernet(forms.tcpParts(TALK), { vlan: true }), { linktype: 1 }),
  pcapng: forms.pcapng([{ linktype: 250, name: 'COM1', rows: forms.rtac(TALK) }]),
  'pcapng TCP': forms.pcapng([{ linktype: 1, name: 'eth0', rows: forms.ethernet(forms.tcpParts(TALK)) }]),
  sigrok: recording('flowmeter_graph_tool.sr'),
};
