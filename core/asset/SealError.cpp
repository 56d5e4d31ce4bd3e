#include "core/asset/SealError.h"

namespace tallylock::asset {

const char* nameOf(SealError error) {
    switch (error) {
    case SealError::NotAge: return "not an age file";
    case SealError::HeaderMalformed: return "malformed header";
    case SealError::HeaderTooLong: return "header too long";
    case SealError::ArmorMalformed: return "malformed armor";
    case SealError::WorkFactorTooHigh: return "passphrase work factor too high";
    case SealError::HeaderForged: return "header not authentic";
    case SealError::WrongPassphrase: return "wrong passphrase";
    case SealError::PassphraseNeeded: return "sealed with a passphrase";
    case SealError::WrongKey: return "sealed to another key";
    case SealError::NotOneRecipient: return "not exactly one recipient";
    case SealError::Truncated: return "truncated";
    case SealError::TrailingData: return "data after the end";
    case SealError::ChunkDamaged: return "damaged";
    case SealError::NoPortion: return "no such portion";
    case SealError::RecipientMismatch: return "the key belongs to another recipient";
    case SealError::SealedMismatch: return "other sealed bytes than agreed";
    case SealError::PlainMismatch: return "other content than agreed";
    case SealError::ReadFailed: return "reading failed";
    case SealError::WriteFailed: return "writing failed";
    case SealError::NoMemory: return "not enough memory for the passphrase";
    case SealError::Cancelled: return "cancelled";
    case SealError::Interrupted: return "interrupted";
    }
    return "?";
}

} // namespace tallylock::asset
