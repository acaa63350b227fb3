/** The port of an MQTT client. mqtt-client.ts meets it with the mqtt package; tests with a broker of their own. */

export interface BrokerOptions {
  readonly url: string;
  readonly protocol: '5' | '3.1.1';
  readonly clientId: string;
  readonly username?: string | undefined;
  /** files are read at each attempt, so a renewed certificate needs no restart; a leading %d is $CREDENTIALS_DIRECTORY */
  readonly passwordFile?: string | undefined;
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly keepaliveS: number;
  readonly will?: Publication | undefined;
  /** the broker keeps what was subscribed, and what comes, so long after the link has ended (3.1.1: as long as it likes); left out: not */
  readonly keepSessionS?: number | undefined;
  /** asked of a broker of MQTT 5: it sends nothing larger */
  readonly mostHeardBytes?: number;
}

/** Always QoS 1. */
export interface Publication {
  readonly topic: string;
  readonly payload: string | Uint8Array;
  readonly retain: boolean;
}

/** What the broker grants with its CONNACK. */
export interface Granted {
  readonly receiveMaximum: number;
  readonly maximumPacketBytes: number;
}

/** Why a link ended or never began. `detail` never holds a secret. */
export interface LinkEnd {
  readonly kind:
    | 'settings'
    | 'name-unknown'
    | 'unreachable'
    /** before the CONNACK */
    | 'hung-up'
    | 'no-connack'
    | 'tls'
    /** server-*: the certificate of the broker */
    | 'server-unknown'
    | 'server-expired'
    | 'server-not-yet'
    | 'server-other-host'
    /** cert-*: the certificate of the box, in the word of the broker */
    | 'cert-unknown'
    | 'cert-expired'
    | 'cert-missing'
    | 'cert-refused'
    /** user name, password or client id */
    | 'not-admitted'
    | 'refused'
    | 'unfit'
    | 'taken-over'
    | 'shutting-down'
    | 'kicked'
    | 'lost'
    /** nothing was heard for a keep-alive: half-open TCP */
    | 'no-pingresp'
    | 'no-puback';
  readonly detail: string;
}

export type PublishOutcome =
  | { readonly ok: true }
  /** `reasonCode`: 0x80 and above, of MQTT 5 */
  | { readonly ok: false; readonly reasonCode: number; readonly reason: string };

export interface BrokerHandlers {
  onConnected(granted: Granted): void;
  /** Once, when the link has ended by itself. Never after `end` or `drop`. */
  onClosed(end: LinkEnd): void;
  onMessage?(topic: string, payload: Uint8Array, retained: boolean): void;
}

export interface BrokerLink {
  /** `done` is called with the broker's PUBACK; never, where the link ends before. */
  publish(publication: Publication, done: (outcome: PublishOutcome) => void): void;
  /** Rejects where the broker refuses the filter or the link ends before it answers. */
  subscribe(filter: string): Promise<void>;
  /** Says goodbye (DISCONNECT: no last will) and closes. */
  end(): Promise<void>;
  /** Closes at once, without a word: the broker sends the last will. */
  drop(): void;
}

export interface BrokerClient {
  /** Begins one attempt. Never throws; what goes wrong comes to `onClosed`, never before this has returned. */
  connect(options: BrokerOptions, handlers: BrokerHandlers): BrokerLink;
}
