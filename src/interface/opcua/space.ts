/** The address space: Objects/Lifts/<lift>/<signal>, and what is wrong with the box itself; read-only. What is unknown has no value and a Bad status. */

import {
  type AddressSpace,
  DataType,
  type StatusCode,
  StatusCodes,
  type UAObject,
  type UAVariable,
  VariantArrayType,
} from 'node-opcua';
import { t } from '../../language.ts';
import { SIGNALS } from '../../lift/signals.ts';
import type { Board, LiftBoard } from '../board.ts';

type Value = boolean | number | string | readonly string[] | Date;

/** The signals a board carries, each under its own name. */
const SHOWN = {
  mode: DataType.String,
  moving: DataType.Boolean,
  direction: DataType.String,
  speedMmPerS: DataType.Double,
  positionMm: DataType.Double,
  landing: DataType.Int32,
  doorZone: DataType.Boolean,
  doorClosed: DataType.Boolean,
  doorOpen: DataType.Boolean,
  passenger: DataType.Boolean,
  safetyChainClosed: DataType.Boolean,
} as const satisfies { readonly [K in keyof LiftBoard & keyof typeof SIGNALS]: DataType };
const SHOWN_NAMES = Object.keys(SHOWN) as (keyof typeof SHOWN)[];

/** One variable, written only when its value or status changes: its source time stamp is the moment of that change. */
class Point {
  readonly #variable: UAVariable;
  readonly #dataType: DataType;
  #value: Value | null = null;
  #status: StatusCode | null = null;

  constructor(space: AddressSpace, parent: UAObject, path: string, about: string, dataType: DataType, isArray = false) {
    this.#dataType = dataType;
    this.#variable = space.getOwnNamespace().addVariable({
      componentOf: parent,
      nodeId: `s=${path}`,
      browseName: path.slice(path.lastIndexOf('/') + 1),
      description: about,
      dataType,
      valueRank: isArray ? 1 : -1,
      accessLevel: 'CurrentRead',
      userAccessLevel: 'CurrentRead',
      minimumSamplingInterval: 100,
    });
  }

  /** `unknown` is the status where the value is null. */
  set(value: Value | null, unknown: StatusCode, wallMs: number): void {
    const status = value === null ? unknown : StatusCodes.Good;
    if (status === this.#status && same(value, this.#value)) return;
    this.#value = value;
    this.#write(status, wallMs);
  }

  /** Nobody renews the value: it stands, as the last that was known. */
  doubt(wallMs: number): void {
    if (this.#status === StatusCodes.Good) this.#write(StatusCodes.UncertainLastUsableValue, wallMs);
  }

  #write(status: StatusCode, wallMs: number): void {
    this.#status = status;
    const value = this.#value;
    const isArray = Array.isArray(value);
    const arrayType = isArray ? VariantArrayType.Array : VariantArrayType.Scalar;
    const variant = value === null ? { dataType: DataType.Null } : { dataType: this.#dataType, arrayType, value };
    this.#variable.setValueFromSource(variant, status, new Date(wallMs));
  }
}

function same(a: Value | null, b: Value | null): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

interface LiftPoints {
  readonly signals: readonly { readonly name: keyof typeof SHOWN; readonly point: Point }[];
  readonly marking: Point;
  readonly faults: Point;
}

export class LiftSpace {
  readonly #lifts = new Map<string, LiftPoints>();
  readonly #updated: Point;
  readonly #box: Point;

  /** Makes the objects of every lift of the board; the lifts of a running box do not change. */
  constructor(space: AddressSpace, board: Board) {
    const own = space.getOwnNamespace();
    const folder = own.addObject({
      organizedBy: space.rootFolder.objects,
      nodeId: 's=lifts',
      browseName: 'Lifts',
      typeDefinition: 'FolderType',
    });
    const about = t('when the gateway last told of its lifts', '网关最后一次更新的时间');
    this.#updated = new Point(space, folder, 'lifts/updated', about, DataType.DateTime);
    const ofBox = t('open faults of the gateway itself, by name', '网关自身的当前故障');
    this.#box = new Point(space, folder, 'lifts/boxFaults', ofBox, DataType.String, true);
    for (const lift of board.lifts) this.#lifts.set(lift.id, addLift(space, folder, lift));
  }

  show(board: Board, wallMs: number): void {
    this.#updated.set(new Date(wallMs), StatusCodes.BadNoData, wallMs);
    this.#box.set(
      board.box.faults.map(({ fault }) => fault),
      StatusCodes.BadNoData,
      wallMs,
    );
    for (const lift of board.lifts) {
      const points = this.#lifts.get(lift.id);
      if (!points) continue;
      const unknown = unknownOf(lift);
      for (const { name, point } of points.signals) point.set(lift[name], unknown, wallMs);
      const marking = lift.landing === null ? null : (lift.landings[lift.landing]?.marking ?? null);
      points.marking.set(marking, unknown, wallMs);
      const faults = lift.faults.map(({ fault, subject }) => (subject === undefined ? fault : `${fault}:${subject}`));
      points.faults.set(faults, StatusCodes.BadNoData, wallMs);
    }
  }

  /** The gateway has said nothing for too long. */
  doubt(wallMs: number): void {
    this.#box.doubt(wallMs);
    for (const { signals, marking, faults } of this.#lifts.values()) {
      for (const { point } of signals) point.doubt(wallMs);
      marking.doubt(wallMs);
      faults.doubt(wallMs);
    }
  }
}

function addLift(space: AddressSpace, folder: UAObject, lift: LiftBoard): LiftPoints {
  const own = space.getOwnNamespace();
  const path = `lift/${lift.id}`;
  const object = own.addObject({ organizedBy: folder, nodeId: `s=${path}`, browseName: lift.id });
  for (const name of ['registrationNumber', 'rescueLabelNumber', 'address'] as const) {
    own.addVariable({
      propertyOf: object,
      nodeId: `s=${path}/${name}`,
      browseName: name,
      dataType: DataType.String,
      accessLevel: 'CurrentRead',
      userAccessLevel: 'CurrentRead',
      value: { dataType: DataType.String, value: lift[name] },
    });
  }
  const point = (name: string, about: string, dataType: DataType, isArray = false) =>
    new Point(space, object, `${path}/${name}`, about, dataType, isArray);
  return {
    signals: SHOWN_NAMES.map((name) => {
      const { en, zh } = SIGNALS[name];
      return { name, point: point(name, t(en, zh), SHOWN[name]) };
    }),
    marking: point('landingMarking', t('landing, as passengers read it', '楼层显示'), DataType.String),
    faults: point('openFaults', t('open faults, by name', '当前故障'), DataType.String, true),
  };
}

/** Why a value is missing: the controller is silent, has not yet answered, or nothing tells (or the sources disagree). */
function unknownOf({ link }: LiftBoard): StatusCode {
  if (link === 'silent') return StatusCodes.BadNoCommunication;
  return link === 'waiting' ? StatusCodes.BadWaitingForInitialData : StatusCodes.BadNoData;
}
