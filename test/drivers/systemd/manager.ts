/**
 * A systemd of its own, as process 1 of new namespaces (mounts, processes, network, cgroup), to run the unit for real. Its root is this
 * machine's, with all changes kept in memory; it knows only the units that are given to it. Needs root.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sleep, systemClock } from '../../../src/clock.ts';
import { packageRoot } from '../../../src/package.ts';

const SYSTEMD = '/lib/systemd/systemd';

/** Why it cannot be started here, or null where it can. */
export function whyNot(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'not root on Linux';
  for (const file of [SYSTEMD, '/usr/bin/unshare', '/usr/bin/nsenter', '/usr/bin/socat']) {
    if (!existsSync(file)) return `no ${file} here`;
  }
  if (!readFileSync('/proc/filesystems', 'utf8').includes('overlay')) return 'no overlay file system here';
  if (cgroupRoot() === null) return 'no cgroup2 that can be written here';
  return null;
}

function cgroupRoot(): string | null {
  for (const mount of readFileSync('/proc/self/mounts', 'utf8').split('\n')) {
    const [, path = '', type, options = ''] = mount.split(' ');
    if (type === 'cgroup2' && options.split(',').includes('rw')) return path;
  }
  return null;
}

/** Where the machine inside has this clone, which may lie in a home or in /tmp: the sandbox of the unit hides those. */
export const CLONE_INSIDE = '/opt/hoistway-clone';

/** Read by sh. $1: a directory of ours; $2: the mounted root, below it. The kernel's settings are read-only in it. */
const ENTER = `
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs "$1/memory"
mkdir "$1/memory/upper" "$1/memory/work" "$2"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/memory/upper,workdir=$1/memory/work" "$2"
mount -t proc proc "$2/proc"
mount --bind "$2/proc/sys" "$2/proc/sys"
mount -o remount,bind,ro "$2/proc/sys"
mount -t sysfs -o ro sysfs "$2/sys"
mount -t cgroup2 cgroup2 "$2/sys/fs/cgroup"
for dir in run tmp dev; do mount -t tmpfs tmpfs "$2/$dir"; done
for device in null zero full random urandom tty; do
  touch "$2/dev/$device"
  mount --bind "/dev/$device" "$2/dev/$device"
done
touch "$2/dev/console"
mount --bind "$(readlink -f "$1/console")" "$2/dev/console"
mkdir "$2/dev/pts" "$2/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$2/dev/pts"
ln -s pts/ptmx "$2/dev/ptmx"
mount -t tmpfs tmpfs "$2/dev/shm"
mkdir -p "$2/units" "$2/none" "$2${CLONE_INSIDE}"
mount --bind "${packageRoot}" "$2${CLONE_INSIDE}"
cp -r "$1/files/." "$2/"
# systemd hands credentials to a unit through a mount that must reach its other namespaces.
mount --make-rshared "$2"
exec env -i PATH=/usr/sbin:/usr/bin container=hoistway-test SYSTEMD_UNIT_PATH=/units SYSTEMD_GENERATOR_PATH=/none \\
  chroot "$2" ${SYSTEMD} --system --unit=test.target --log-target=console --show-status=no
`;

export class Manager {
  readonly #dir = mkdtempSync(join(tmpdir(), 'hoistway-systemd-'));
  readonly #cgroup = join(cgroupRoot() ?? '', `hoistway-test-${process.pid}`);
  readonly #children: ChildProcess[] = [];
  #pid = 0;
  #console = '';

  constructor() {
    // A test that dies leaves nothing behind.
    process.once('exit', this.#kill);
  }

  /** `files`: what the machine has beside what this one has, by absolute path; modes beginning with `#!` are executable. */
  async start(files: { readonly [path: string]: string }, setUp: readonly string[][]): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      const copy = join(this.#dir, 'files', path);
      mkdirSync(join(copy, '..'), { recursive: true });
      writeFileSync(copy, text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
    }
    mkdirSync(join(this.#dir, 'memory'));
    mkdirSync(this.#cgroup);
    await this.#openConsole();
    const flags = ['--mount', '--pid', '--net', '--uts', '--ipc', '--cgroup', '--fork', '--kill-child'];
    const enter = `echo $$ >"$3/cgroup.procs"; exec unshare ${flags.join(' ')} sh -c "$4" sh "$1" "$2"`;
    const words = ['-c', enter, 'sh', this.#dir, join(this.#dir, 'memory', 'root'), this.#cgroup, ENTER];
    const outer = spawn('/bin/sh', words, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#children.push(outer);
    outer.stderr.on('data', (bytes: Buffer) => (this.#console += bytes));
    await this.until('systemd runs', () => {
      if (outer.exitCode !== null) throw new Error(`no systemd:\n${this.#console}`);
      this.#pid = Number(readFileSync(`/proc/${outer.pid}/task/${outer.pid}/children`, 'utf8').trim().split(' ')[0]);
      return this.#pid > 0 && existsSync(`/proc/${this.#pid}/root/run/systemd/private`);
    });
    for (const [command = '', ...rest] of setUp) this.run(command, ...rest);
  }

  /** Runs a command inside, as root; its output. Throws when it fails. */
  run(command: string, ...words: string[]): string {
    const all = ['-m', '-u', '-i', '-n', '-p', '-C', '-r', '-t', String(this.#pid), command, ...words];
    return execFileSync('/usr/bin/nsenter', all, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** A property of a unit as systemctl shows it. */
  property(unit: string, name: string): string {
    return this.run('systemctl', 'show', '--value', '-p', name, unit).trim();
  }

  /** A file inside, or '' while there is none. */
  read(path: string): string {
    const file = `/proc/${this.#pid}/root${path}`;
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  write(path: string, text: string): void {
    writeFileSync(`/proc/${this.#pid}/root${path}`, text);
  }

  /** what systemd has said */
  get console(): string {
    return this.#console;
  }

  async until(what: string, holds: () => boolean, limitMs = 15_000): Promise<void> {
    const endMs = systemClock.monoMs() + limitMs;
    while (!holds()) {
      if (systemClock.monoMs() > endMs) throw new Error(`not within ${limitMs} ms: ${what}\n${this.#console}`);
      await sleep(systemClock, 50);
    }
  }

  /** Ends every process inside, and removes what was made. */
  async stop(): Promise<void> {
    process.removeListener('exit', this.#kill);
    this.#kill();
    await this.until('its processes are gone', () => !existsSync(this.#cgroup) || removed(this.#cgroup));
    rmSync(this.#dir, { recursive: true, force: true });
  }

  readonly #kill = () => {
    for (const child of this.#children) child.kill('SIGKILL');
  };

  async #openConsole(): Promise<void> {
    const link = join(this.#dir, 'console');
    const socat = spawn('socat', ['-u', `pty,raw,echo=0,link=${link}`, '-'], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#children.push(socat);
    socat.stdout.on('data', (bytes: Buffer) => (this.#console += bytes));
    await this.until('a console', () => existsSync(link));
  }
}

/** Removes the cgroup from its leaves up; false while a process is in it. */
function removed(cgroup: string): boolean {
  try {
    for (const { name } of readdirSync(cgroup, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
      removed(join(cgroup, name));
    }
    rmdirSync(cgroup);
    return true;
  } catch {
    return false;
  }
}
