/** Where Sparkplug messages go (Sparkplug 3.0.0, chapter 4): an edge node for the box, a device for each lift. */

const NAMESPACE = 'spBv1.0';

export type NodeVerb = 'NBIRTH' | 'NDEATH' | 'NDATA' | 'NCMD';
export type DeviceVerb = 'DBIRTH' | 'DDATA' | 'DCMD';

/** Of the edge node. */
export function nodeTopic(verb: NodeVerb, group: string, box: string): string {
  return `${NAMESPACE}/${group}/${verb}/${box}`;
}

/** Of one of its devices. */
export function deviceTopic(verb: DeviceVerb, group: string, box: string, lift: string): string {
  return `${NAMESPACE}/${group}/${verb}/${box}/${lift}`;
}

/** Where a host says whether it is there. */
export function stateTopic(host: string): string {
  return `${NAMESPACE}/STATE/${host}`;
}
