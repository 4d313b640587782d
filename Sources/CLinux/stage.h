#ifndef CLINUX_STAGE_H
#define CLINUX_STAGE_H

#include "CLinux.h"

/// The numbers below which a child finds all that it needs.
enum { LOW_DESCRIPTORS = 256 };

/// Gives what the child needs low numbers.
///
/// Returns 0 where that cannot be; else it has to leave the stage after the clone.
int clinux_enter_stage(const struct clinux_spawn *spawn);

void clinux_leave_stage(const struct clinux_spawn *spawn);

#endif
