#include "core/ports/Journal.h"
#include "core/ports/Media.h"
#include "core/ports/Rail.h"

namespace tallylock::ports {

const char* nameOf(StoreError error) {
    switch (error) {
    case StoreError::Locked: return "locked by another process";
    case StoreError::Newer: return "written by a newer version";
    case StoreError::Damaged: return "damaged";
    case StoreError::DiskFull: return "disk full";
    case StoreError::ReadOnly: return "read-only";
    case StoreError::OtherOwner: return "made by another identity, or with other settings";
    case StoreError::Io: return "input/output error";
    }
    return "?";
}

const char* nameOf(MediaError error) {
    switch (error) {
    case MediaError::Unreadable: return "unreadable";
    case MediaError::TooLarge: return "too large";
    case MediaError::Damaged: return "damaged";
    case MediaError::TookTooLong: return "took too long";
    case MediaError::NotSupported: return "not supported";
    case MediaError::Locked: return "signed or encrypted";
    case MediaError::NoHelper: return "no helper program";
    case MediaError::kCount: break;
    }
    return "?";
}

const char* nameOf(RailError error) {
    switch (error) {
    case RailError::Unreachable: return "unreachable";
    case RailError::Refused: return "refused";
    case RailError::UnknownUnit: return "unknown unit";
    }
    return "?";
}

} // namespace tallylock::ports
