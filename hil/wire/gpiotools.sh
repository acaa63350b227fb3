#!/bin/sh
# Stands in for gpiodetect, gpioget and gpiomon of libgpiod 1.6.3 and 2.2.1: takes their options, prints their words, and
# refuses what they refuse. The kernel is a folder that gpiochips.ts keeps:
#   chips          what gpiodetect prints
#   gpiochip0/17   the level on pin 17: 0 or 1
#   gpiochip0/17.held   the process that has the line
#   gpiochip0/17.deaf   the line has no interrupt
#   gpiochip0/PID.fifo  where that process waits for `OFFSET LEVEL SECONDS NANOSECONDS`, or for `gone`
# Usage: gpiotools.sh MAJOR FOLDER PROGRAM [ARGUMENTS]
major=$1 folder=$2 program=$3
shift 3

die() {
  printf '%s: %s\n' "$program" "$1" >&2
  exit 1
}

# Fails as the tool does when it asks the kernel for lines.
cannot() {
  case $major$program in
    1gpiomon) die "error waiting for events: $1" ;;
    1gpioget) die "error reading GPIO values: $1" ;;
    2gpiomon) die "unable to request lines on chip /dev/$chip: $1" ;;
    2gpioget) die "unable to request lines: $1" ;;
  esac
}

is_held() {
  [ -e "$1.held" ] && kill -0 "$(cat "$1.held")" 2>/dev/null
}

buffered=yes banner= numeric= format= chip=
while [ $# -gt 0 ]; do
  case $major$program$1 in
    ?*--version)
      [ "$major" = 1 ] && version=1.6.3 || version=2.2.1
      printf '%s (libgpiod) v%s\n' "$program" "$version"
      exit 0
      ;;
    1gpiomon-b | 1gpiomon--line-buffered) buffered= ;;
    ?gpiomon--format=*) format=${1#--format=} ;;
    2gpiomon--banner) banner=yes ;;
    2gpiomon--edges=both | 2gpiomon--event-clock=monotonic) ;;
    2gpioget--numeric) numeric=yes ;;
    2gpiomon-c | 2gpioget-c)
      chip=$2
      shift
      ;;
    ?gpio*-*) die "unrecognized option '$1'" ;;
    *) break ;;
  esac
  shift
done
[ "$program" = gpiodetect ] && exec cat "$folder/chips"
if [ "$major" = 1 ]; then
  chip=$1
  shift
fi
lines=$folder/$chip
if [ ! -d "$lines" ]; then
  [ "$major" = 1 ] && cannot 'No such file or directory'
  die "cannot find GPIO chip character device '$chip'"
fi
[ $# -gt 0 ] || die 'at least one GPIO line must be specified'
for offset; do
  [ -e "$lines/$offset" ] && continue
  [ "$major" = 1 ] && cannot 'Invalid argument'
  die "offset $offset is out of range on chip '$chip'"
done
for offset; do
  if is_held "$lines/$offset"; then cannot 'Device or resource busy'; fi
done

if [ "$program" = gpioget ]; then
  said=
  for offset; do
    level=$(cat "$lines/$offset")
    if [ "$major" = 2 ] && [ -z "$numeric" ]; then
      [ "$level" = 1 ] && level=active || level=inactive
      level="\"$offset\"=$level"
    fi
    said="$said${said:+ }$level"
  done
  printf '%s\n' "$said"
  exit 0
fi

for offset; do
  [ -e "$lines/$offset.deaf" ] && cannot 'No such device or address'
done
fifo=$lines/$$.fifo
mkfifo "$fifo.new"
exec 3<>"$fifo.new"
for offset; do echo $$ >"$lines/$offset.held"; done
mv "$fifo.new" "$fifo"
if [ -n "$banner" ]; then
  said=
  left=$#
  for offset; do
    left=$((left - 1))
    said="$said'$offset'"
    [ $left -gt 1 ] && said="$said, "
    [ $left = 1 ] && said="$said, and "
  done
  [ $# -gt 1 ] && many=s || many=
  printf 'Monitoring line%s %s...\n' "$many" "$said"
fi

while read -r offset level seconds nanoseconds <&3; do
  [ "$offset" = gone ] && die 'error reading line events: No such device'
  case " $* " in *" $offset "*) ;; *) continue ;; esac
  [ "$major" = 2 ] && [ "$level" = 0 ] && level=2
  rest=$format said=
  while [ -n "$rest" ]; do
    case $major$rest in
      ?%e*) said=$said$level ;;
      ?%o*) said=$said$offset ;;
      1%s*) said=$said$seconds ;;
      1%n*) said=$said$nanoseconds ;;
      2%S*) said=$said$seconds.$(printf '%09d' "$nanoseconds") ;;
      *)
        said=$said${rest%"${rest#?}"}
        rest=${rest#?}
        continue
        ;;
    esac
    rest=${rest#??}
  done
  # What is not line-buffered stays with the program until there are 4096 bytes of it.
  [ "$major" = 1 ] && [ -n "$buffered" ] && continue
  printf '%s\n' "$said"
done
