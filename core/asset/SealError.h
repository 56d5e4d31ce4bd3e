// What can be wrong with a sealed file, or keep it from being read or written.
#pragma once

namespace tallylock::asset {

enum class SealError {
    NotAge,            ///< does not begin as an age file, or is of another version
    HeaderMalformed,   ///< breaks the grammar of the header, or has non-canonical base64
    HeaderTooLong,     ///< beyond our bounds on a header
    ArmorMalformed,    ///< begins as armor and breaks its rules
    WorkFactorTooHigh, ///< a passphrase stanza that would cost more time and memory than we give
    HeaderForged,      ///< the header's MAC does not match
    WrongPassphrase,   ///< another passphrase opens it
    PassphraseNeeded,  ///< sealed with a passphrase, and none was given
    WrongKey,          ///< no recipient in the header is one of the given identities
    NotOneRecipient,   ///< an edition has exactly one recipient, of type X25519
    Truncated,         ///< ends too early, also between chunks
    TrailingData,      ///< goes on after the last chunk
    ChunkDamaged,      ///< a chunk is not authentic: altered, moved or repeated
    NoPortion,         ///< the file has fewer portions
    RecipientMismatch, ///< the first password is not the secret of the recipient in the terms
    SealedMismatch,    ///< the sealed bytes are others than the sealed root names
    PlainMismatch,     ///< it opens, but to another content than the plain root names
    ReadFailed,
    WriteFailed,
    NoMemory,    ///< for a passphrase
    Cancelled,   ///< for good
    Interrupted, ///< to be gone on with
};
const char* nameOf(SealError error);

} // namespace tallylock::asset
