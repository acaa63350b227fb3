/**
 * The rules of the faults written once more, plainly and slowly, over the physical truth: what an ideal box would raise
 * that sees everything at once. It shares nothing with Hoistway's judgement, nor with the oracle it is there to test.
 */

import type { SimLift } from '../../../hil/lift/lift.ts';
import type { SignalValues } from '../../../src/lift/signals.ts';
import type { LiftFacts } from '../../../src/lift/state.ts';

export interface Verdict {
  /** fault, and what it is about */
  readonly name: string;
  readonly atMs: number;
  endMs: number | null;
}

const FRACTION_MS = 0.001;

export class Judge {
  readonly verdicts: Verdict[] = [];
  readonly #lift: SimLift;
  readonly #facts: LiftFacts;
  readonly #since = new Map<string, number>();
  readonly #standing = new Map<string, Verdict>();
  #was: SignalValues;
  #tripEnded = false;
  #openings = 0;
  #reversals: number[] = [];
  #leftZoneOpen = false;
  #openedRunning = false;
  #driftedOpen = false;
  #servedMs: number | null = null;
  #returns = 0;
  #endLevel: 'top' | 'bottom' | null = null;

  constructor(lift: SimLift, facts: LiftFacts) {
    this.#lift = lift;
    this.#facts = facts;
    this.#was = lift.values();
  }

  /** Called at every change, and at the end. */
  look(): void {
    const now = this.#lift.nowMs;
    const is = this.#lift.values();
    this.#timers(now);
    this.#moments(this.#was, is, now);
    this.#conditions(is, now);
    this.#timers(now);
    this.#ends(is, now);
    this.#was = is;
  }

  #moments(was: SignalValues, is: SignalValues, now: number): void {
    const outside = !is.doorZone;
    if (was.doorZone && outside && !is.doorClosed && !is.moving) this.#driftedOpen = true;
    if (is.moving || is.doorClosed) this.#driftedOpen = false;
    if (is.moving && is.doorClosed) {
      this.#openings = 0;
      this.#tripEnded = false;
    }
    if (was.moving && !is.moving && is.doorClosed && is.doorZone) this.#tripEnded = true;
    if (!is.doorClosed) this.#tripEnded = false;
    if (was.doorClosed && !is.doorClosed && ++this.#openings > 5) this.#raise('door-close-failure', now);
    if (is.doorClosed) this.#reversals = [];
    if (!was.doorOpen && is.doorOpen && this.#since.has('turning')) {
      this.#reversals = [...this.#reversals.filter((at) => at > now - 15_000), now];
      if (this.#reversals.length >= 3) this.#raise('door-close-failure', now);
    }
    if (was.doorOpen && !is.doorOpen) this.#since.set('turning', now);
    if (is.doorOpen || is.doorClosed) this.#since.delete('turning');
    if (is.doorClosed || !is.moving) this.#leftZoneOpen = this.#openedRunning = false;
    else if (was.doorZone && outside && !was.doorClosed) this.#leftZoneOpen = true;
    else if (was.doorClosed && outside && was.moving) this.#openedRunning = true;
    if (is.doorZone) this.#openedRunning = false;
    this.#overtravel(is, now);
    this.#calls(was, is, now);
    if (is.alarmButton && is.doorClosed && !is.moving) this.#raise('entrapment', now);
    if (is.landing !== was.landing || !is.moving) this.#since.delete('run-time-limit');
  }

  #calls(was: SignalValues, is: SignalValues, now: number): void {
    if (is.moving) {
      this.#servedMs = null;
      this.#returns = 0;
    } else if (was.callHere && !is.callHere) {
      this.#servedMs = now;
    } else if (!was.callHere && is.callHere) {
      const atOnce = this.#servedMs !== null && now - this.#servedMs <= 2000;
      this.#returns = atOnce ? this.#returns + 1 : 0;
      if (this.#returns === 5) this.#raise('call-button-stuck', now);
    }
  }

  #overtravel(is: SignalValues, now: number): void {
    const level = is.levelUpper && is.levelLower;
    const top = this.#facts.landingHeightsMm.length - 1;
    const outward = is.landing === top ? 'up' : is.landing === 0 ? 'down' : null;
    if (level) this.#endLevel = outward === 'up' ? 'top' : outward === 'down' ? 'bottom' : null;
    else if (this.#endLevel && outward === is.direction) this.#raise(`overtravel-${this.#endLevel}`, now);
    else this.#endLevel = null;
  }

  #conditions(is: SignalValues, now: number): void {
    const said = this.#lift.controllerValues();
    const shown = this.#lift.inputValues();
    const normal = is.mode === 'normal';
    const shut = is.doorClosed && !is.moving && is.passenger;
    const level = is.levelUpper && is.levelLower;
    const conditions: { [name: string]: boolean } = {
      'safety-chain-open': !is.safetyChainClosed && normal,
      'door-held-open': !is.doorClosed && normal,
      'door-close-failure': !is.doorClosed && !is.doorOpen && this.#since.has('turning') && normal,
      'door-open-failure': this.#tripEnded && normal,
      'stopped-outside-door-zone': !is.moving && !is.doorZone && normal && !shut,
      'entrapment/zone': shut && is.doorZone,
      'entrapment/off': shut && !is.doorZone,
      'moving-with-door-open': this.#leftZoneOpen && normal,
      'door-open-while-running': this.#openedRunning && normal,
      'run-time-limit': is.moving,
      'position-lost': !is.moving && level && said !== null && said.landing !== is.landing,
      'sensor-contradiction/door': said !== null && said.doorClosed !== shown.doorClosed,
      'sensor-contradiction/level': said !== null && !said.doorZone && shown.levelUpper && shown.levelLower,
      'controller-silent': said === null,
      'brake-fault': said !== null && said.brakeReleased !== said.moving,
      'power-supply-fault': !is.mainsPresent,
      'controller-fault': said !== null && said.faultCode === 99,
      'unintended-car-movement': !is.moving && this.#driftedOpen,
      'alarm-button': is.alarmButton && is.doorClosed && !is.moving,
      'restart-prevented':
        is.callWaiting && !is.moving && is.doorClosed && normal && !shut && is.safetyChainClosed && is.doorZone,
      'no call': !is.callHere,
    };
    for (const [name, holds] of Object.entries(conditions)) {
      if (!holds) this.#since.delete(name);
      else if (!this.#since.has(name)) this.#since.set(name, now);
    }
  }

  #timers(now: number): void {
    const { limits } = this.#facts;
    const limitMs: { [name: string]: number } = {
      'safety-chain-open': limits.safetyChainOpenLimitMs,
      'door-held-open': limits.doorHeldOpenLimitMs,
      'door-close-failure': limits.doorCloseLimitMs,
      'door-open-failure': limits.doorOpenLimitMs,
      'stopped-outside-door-zone': limits.stoppedOutsideDoorZoneLimitMs,
      'entrapment/zone': limits.entrapmentAtLandingLimitMs,
      'entrapment/off': limits.entrapmentOffLevelLimitMs,
      'moving-with-door-open': limits.doorOpenWhileRunningLimitMs,
      'door-open-while-running': limits.doorOpenWhileRunningLimitMs,
      'run-time-limit': limits.runTimeLimitMs,
      'position-lost': limits.positionLostLimitMs,
      'sensor-contradiction/door': limits.contradictionLimitMs,
      'sensor-contradiction/level': limits.contradictionLimitMs,
      'controller-silent': limits.controllerSilentLimitMs,
      'brake-fault': limits.brakeLimitMs,
      'power-supply-fault': limits.powerLossLimitMs,
      'controller-fault': 0,
      'unintended-car-movement': limits.doorOpenWhileRunningLimitMs,
      'alarm-button': limits.alarmPressLimitMs,
      'restart-prevented': limits.restartLimitMs,
    };
    for (const [name, limit] of Object.entries(limitMs)) {
      const since = this.#since.get(name);
      if (since === undefined || now < since + limit - FRACTION_MS) continue;
      this.#raise(name.startsWith('entrapment') ? 'entrapment' : name, since + limit);
    }
  }

  #raise(name: string, atMs: number): void {
    if (this.#standing.has(name)) return;
    const verdict = { name, atMs, endMs: null };
    this.#standing.set(name, verdict);
    this.verdicts.push(verdict);
  }

  #ends(is: SignalValues, now: number): void {
    for (const [name, verdict] of this.#standing) {
      if (!this.#over(name, is, now)) continue;
      verdict.endMs = now + (name === 'safety-chain-open' || name === 'alarm-button' ? 2000 : 0);
      this.#standing.delete(name);
    }
  }

  #over(name: string, is: SignalValues, now: number): boolean {
    switch (name) {
      case 'entrapment':
      case 'alarm-button':
        return !is.doorClosed && is.doorZone;
      case 'stopped-outside-door-zone':
        return is.doorZone;
      case 'door-close-failure':
        return is.doorClosed && is.moving;
      case 'door-open-failure':
        return is.doorOpen;
      case 'overtravel-top':
      case 'overtravel-bottom':
        return is.levelUpper && is.levelLower;
      case 'moving-with-door-open':
      case 'door-open-while-running':
      case 'door-held-open':
        return is.doorClosed;
      case 'position-lost':
        return !is.moving && is.baseLanding && this.#lift.controllerValues()?.landing === is.landing;
      case 'unintended-car-movement':
        return is.moving && is.doorClosed;
      case 'restart-prevented':
        return is.moving;
      case 'call-button-stuck':
        return !is.callHere && (is.moving || now - (this.#since.get('no call') ?? now) >= 60_000);
      case 'run-time-limit':
        return !is.moving && is.levelUpper && is.levelLower;
      default:
        return !this.#since.has(name);
    }
  }
}
