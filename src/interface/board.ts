/** What the page, OPC UA and metrics are told: the whole box as one plain object, renewed a few times a second. */

import type { BoxFaultName } from '../box/faults.ts';
import type { FaultName } from '../lift/events.ts';
import type { Direction, ServiceMode } from '../lift/signals.ts';
import type { ControllerLink } from '../lift/state.ts';

export interface Board {
  readonly box: {
    readonly id: string;
    readonly version: string;
    readonly upMs: number;
    readonly demo: boolean;
    /** of the box itself */
    readonly faults: readonly FaultBoard<BoxFaultName>[];
  };
  readonly lifts: readonly LiftBoard[];
  readonly buses: readonly {
    readonly id: string;
    readonly up: boolean;
    readonly why: string;
    readonly slaves: readonly SlaveBoard[];
  }[];
  readonly outbox: {
    readonly waitingAlarms: number;
    readonly waitingTelemetry: number;
    readonly fileBytes: number;
    readonly maxBytes: number;
    /** hours without a network that what is free of it holds, at 1,000 trips a day and lift */
    readonly hoursLeft: number;
    readonly evicted: number;
    readonly poisoned: number;
    readonly trouble: string | null;
  };
  /** `why` is a plain sentence: what the uplink is doing or waiting for */
  readonly uplink: UplinkBoard;
  /** the second one, where there is one */
  readonly maintainerUplink: UplinkBoard | null;
  /** the one by HTTP, where there is one */
  readonly regionalPlatform: UplinkBoard | null;
  /** the newest last, a few dozen at most */
  readonly recent: readonly {
    readonly type: string;
    /** or the box's own id */
    readonly lift: string;
    readonly text: { en: string; zh: string };
    readonly wallMs: number;
  }[];
}

export interface UplinkBoard {
  readonly state: 'off' | 'waiting' | 'connecting' | 'online';
  readonly why: { en: string; zh: string };
  readonly sent: number;
}

export interface SlaveBoard {
  readonly unit: number;
  readonly lift: string;
  readonly ok: number;
  readonly failed: number;
  readonly lastError: string | null;
}

export interface LiftBoard {
  readonly id: string;
  readonly registrationNumber: string;
  readonly rescueLabelNumber: string;
  readonly address: string;
  /** lowest first */
  readonly landings: readonly { readonly marking: string; readonly heightMm: number }[];
  readonly link: ControllerLink;
  readonly mode: ServiceMode | null;
  readonly moving: boolean | null;
  readonly direction: Direction | null;
  readonly speedMmPerS: number | null;
  /** above the lowest landing; worked out from the landing where no position is read */
  readonly positionMm: number | null;
  readonly landing: number | null;
  readonly doorZone: boolean | null;
  readonly doorClosed: boolean | null;
  readonly doorOpen: boolean | null;
  readonly passenger: boolean | null;
  readonly safetyChainClosed: boolean | null;
  readonly faults: readonly FaultBoard<FaultName>[];
}

/** A fault that stands. */
export interface FaultBoard<Name extends string> {
  readonly fault: Name;
  readonly subject?: string;
  readonly sinceWallMs: number;
  readonly title: { en: string; zh: string };
}

/** What the buttons of the demo do. Only the demo has them: the box itself cannot act on a lift. */
export interface DemoControls {
  trap(lift: string): void;
  holdDoor(lift: string): void;
  cutNetwork(cut: boolean): void;
  pullSerialLine(pulled: boolean): void;
  readonly state: { readonly networkCut: boolean; readonly linePulled: boolean };
}
