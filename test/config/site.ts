/** A sound site file for tests to change, and the ways of changing it. */

export const SITE = `version: 1
box: { id: box-1 }
buses:
  - { id: line, type: rtu, path: /dev/serial/by-id/usb-adapter-1 }
lifts:
  - id: east
    registrationNumber: '3010000001'
    rescueLabelNumber: '01234'
    address: 1 Nanjing Road
    ratedSpeedMmPerS: 1750
    landings:
      - { marking: B1, heightMm: -4200 }
      - { marking: '1', heightMm: 0 }
      - { marking: '2', heightMm: 4500 }
    baseLanding: '1'
    controller: { profile: generic, bus: line, unit: 1 }
`;
