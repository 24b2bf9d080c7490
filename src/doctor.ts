/**
 * adjoint/doctor: what device is here, and whether it computes. What `adjoint doctor` prints, for programs; no part of what
 * travels to a page.
 *
 * Invariant: nothing inside src imports this file.
 */
export { type DoctorReport, doctor, printDoctorReport } from './runtime/doctor.ts';
