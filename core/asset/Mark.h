// The tracking mark: what is embedded in a file before it is sealed, so that the file can be traced to its creator.
//
// One block of canonical CBOR, signed by whoever owned the asset when it was marked (of a first mark, the creator),
// with the chain of custody up to then. A buyer may add a copy note to the own copy. The mark travels with the file and
// is not tied to its content: it proves who marked which asset, not that this is the content that was marked.
//
//   text form     base64url without padding (RFC 4648, section 5), for a property in XMP
//   block         magic | mark | length of the mark, 4 bytes, big-endian | BLAKE2b-256 of the mark, its first 16 bytes
//   | magic
//
// The magic is kMarkMagic. A block at the end of a file is the trailer form, and is found from the end, also before
// the foot of an APE tag and an ID3v1 tag; a file NAME.tallylock that holds nothing but a block is the sidecar form.
// docs/decisions/tracking-mark.md says which file gets which.
#pragma once

#include "core/custody/Custody.h"

#include <array>

namespace tallylock::asset {

struct MarkStatement {
    std::uint64_t version = 1;
    Hash assetId;
    std::vector<custody::SignedCustody>
        custody;             ///< so far; the first entry names the creator, the last the one who marks
    std::int64_t timeMs = 0; ///< since 1970-01-01 UTC
    bool operator==(const MarkStatement&) const = default;
    static constexpr void fields(auto use) {
        using S = MarkStatement;
        use(field(1, &S::version), field(2, &S::assetId), field(3, &S::custody), field(4, &S::timeMs));
    }
};

/// Whose copy this is: added by a buyer after unlocking, if the buyer wants to.
struct CopyNote {
    Hash assetId;
    Hash contract; ///< of the sale
    IdentityKey buyer;
    std::int64_t timeMs = 0;
    bool operator==(const CopyNote&) const = default;
    static constexpr void fields(auto use) {
        using N = CopyNote;
        use(field(1, &N::assetId), field(2, &N::contract), field(3, &N::buyer), field(4, &N::timeMs));
    }
};
struct SignedCopyNote {
    CopyNote note;
    Signature signature; ///< by note.buyer, label "copy-note"
    bool operator==(const SignedCopyNote&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &SignedCopyNote::note), field(2, &SignedCopyNote::signature));
    }
};

struct Mark {
    MarkStatement statement;
    Signature signature; ///< by the last owner of the chain, label "mark"
    std::optional<SignedCopyNote> copy;
    const IdentityKey& creator() const { return statement.custody.front().entry.from; }
    const IdentityKey& owner() const { return statement.custody.back().entry.to; }
    bool operator==(const Mark&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &Mark::statement), field(2, &Mark::signature), field(3, &Mark::copy));
    }
};

enum class MarkError {
    TooLarge,       ///< more than kMaxMarkSize, or a chain longer than kMaxMarkCustody
    Damaged,        ///< a block that does not fit its check sum, or is not the CBOR of a mark
    NewerVersion,   ///< of a version that this one does not know
    BadCustody,     ///< the chain of custody is broken or forged
    WrongSignature, ///< not signed by the owner that the chain ends with
    WrongCopyNote,  ///< the buyer's note is of another asset or not signed by the buyer
};
const char* nameOf(MarkError error);

/// A mark fits into one segment of XMP in a JPEG file and into the comment of a ZIP archive.
inline constexpr std::size_t kMaxMarkSize = 24 * 1024;
inline constexpr std::size_t kMaxMarkCustody = 64;

/// `custody` must be sound and end with `owner`. TooLarge is the only failure.
Result<Mark, MarkError> makeMark(const crypto::SigningKey& owner, std::vector<custody::SignedCustody> custody,
                                 std::int64_t timeMs);
/// The mark with a note of this buyer instead of any before.
Mark withCopyNote(Mark mark, const crypto::SigningKey& buyer, const Hash& contract, std::int64_t timeMs);
/// Decodes within bounds and verifies every signature.
Result<Mark, MarkError> readMark(ByteView bytes);

/// The text form. Reading says nothing but TooLarge and Damaged: what the bytes say is for readMark.
std::string markText(ByteView mark);
Result<Bytes, MarkError> markOfText(std::string_view text);

inline constexpr std::string_view kMarkMagic = "\nTallylockMark1\n";
inline constexpr std::size_t kMarkFoot = 4 + 16 + kMarkMagic.size(); ///< what follows the mark in a block
inline constexpr std::size_t kMaxMarkBlock = kMarkMagic.size() + kMaxMarkSize + kMarkFoot;
/// How much of a file's end findMarkBlock wants to see: a block, the foot of an APE tag, an ID3v1 tag.
inline constexpr std::size_t kMarkTail = kMaxMarkBlock + 32 + 128;
/// `mark` is at most kMaxMarkSize.
Bytes markBlock(ByteView mark);

struct FoundBlock {
    Bytes mark;            ///< not yet verified
    std::size_t size = 0;  ///< of the block
    std::size_t after = 0; ///< bytes that follow it: the foot of an APE tag (32), an ID3v1 tag (128)
};
/// Looks at the end of a file, of which `tail` holds the last bytes. Nothing if there is no block.
std::optional<Result<FoundBlock, MarkError>> findMarkBlock(ByteView tail);

enum class MarkForm : std::uint8_t { None, Xmp, Trailer, Sidecar, kCount };
/// What a manifest says in `trackingMark`: "xmp", "trailer", or "sidecar " and the text form of the mark, which the
/// buyer's app writes beside the opened file. Nothing if there is no mark, or it does not fit there.
std::optional<std::string> trackingMarkText(MarkForm form, ByteView mark);
/// None for nothing and for a text of tomorrow.
MarkForm markFormOf(const std::optional<std::string>& trackingMark);
/// The mark that goes into a sidecar.
std::optional<Bytes> sidecarMarkOf(const std::optional<std::string>& trackingMark);

/// "NAME.tallylock", beside the file.
inline std::string sidecarPath(const std::string& path) { return path + ".tallylock"; }

} // namespace tallylock::asset
