#include "core/wire/Frames.h"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace tallylock::wire {

Request::Request() = default;
Request::Request(const Request& other) = default;
Request::Request(Request&& other) noexcept = default;
Request& Request::operator=(const Request& other) = default;
Request& Request::operator=(Request&& other) noexcept = default;
Request::~Request() = default;

Answer::Answer() = default;
Answer::Answer(const Answer& other) = default;
Answer::Answer(Answer&& other) noexcept = default;
Answer& Answer::operator=(const Answer& other) = default;
Answer& Answer::operator=(Answer&& other) noexcept = default;
Answer::~Answer() = default;

std::uint64_t requestTypeOf(ByteView frame) {
    CborReader reader(frame);
    const bool isUnion = reader.array(2) == 2;
    const std::uint64_t type = reader.unsignedInt();
    return isUnion && reader.ok() ? type : 0;
}

namespace {
struct FrameProblemFacts {
    const char* name;
    Blame blame;
};
// In the order of the enum.
constexpr FrameProblemFacts kFrameProblems[] = {
    {"malformed", Blame::Asker},
    {"unknown-version", Blame::Asker},
    {"signature-invalid", Blame::Asker},
    {"busy", Blame::Nobody},
    {"stopping", Blame::Nobody},
    {"not-found", Blame::Nobody},
    {"wrong-server", Blame::Seller},
    {"deposit-differs", Blame::Seller},
    {"deposit-unreadable", Blame::Seller},
    {"password-wrong", Blame::Seller},
    {"sealed-file-missing", Blame::FileStore},
    {"sealed-file-wrong", Blame::Seller},
    {"contract-wrong", Blame::Asker},
    {"not-paid", Blame::Asker},
    {"internal", Blame::KeyServer},
    {"recipients-wrong", Blame::Seller},
    {"header-forged", Blame::Seller},
    {"content-wrong", Blame::Seller},
    {"stored-file-altered", Blame::FileStore},
    {"part-damaged", Blame::KeyServer},
    {"spot-too-early", Blame::Nobody},
    {"spot-too-late", Blame::Nobody},
    {"spot-not-yours", Blame::Asker},
    {"spot-too-small", Blame::Nobody},
    {"spot-differs", Blame::Asker},
    {"spot-outdated", Blame::Nobody},
    {"spot-nonce-wrong", Blame::Asker},
    {"spot-not-drawn", Blame::Asker},
    {"session-needed", Blame::Asker},
    {"signature-needed", Blame::Asker},
    {"code-wrong", Blame::Asker},
    {"codes-too-many", Blame::Asker},
    {"factor-missing", Blame::Asker},
    {"factor-exists", Blame::Asker},
    {"clock-uncertain", Blame::Nobody},
    {"delivery-not-yours", Blame::Asker},
    {"delivery-too-early", Blame::Nobody},
    {"delivery-over", Blame::Nobody},
    {"sealed-copy-missing", Blame::Nobody},
    {"sealed-copy-damaged", Blame::Seller},
    {"courier-not-offered", Blame::Nobody},
    {"address-unfit", Blame::Asker},
    {"courier-not-yours", Blame::Asker},
    {"delivery-crowded", Blame::Nobody},
};
static_assert(std::size(kFrameProblems) == static_cast<std::size_t>(FrameProblem::kCount));
} // namespace

std::int64_t msOf(CandleSpan span) {
    constexpr std::int64_t kMinuteMs = 60'000;
    switch (span) {
    case CandleSpan::Minute: return kMinuteMs;
    case CandleSpan::FiveMinutes: return 5 * kMinuteMs;
    case CandleSpan::Hour: return 60 * kMinuteMs;
    default: return 24 * 60 * kMinuteMs;
    }
}

SealedPortion inPieces(std::uint64_t index, ByteView portion) {
    SealedPortion whole{index, {}};
    for (; !portion.empty(); portion = portion.subspan(whole.pieces.back().size()))
        whole.pieces.push_back(bytesOf(portion.first(std::min(portion.size(), kMaxCborBytes))));
    return whole;
}

Bytes joined(const SealedPortion& portion) {
    Bytes bytes;
    for (const Bytes& piece : portion.pieces) append(bytes, piece);
    return bytes;
}

const char* nameOf(FrameProblem problem) {
    assert(problem < FrameProblem::kCount);
    return kFrameProblems[static_cast<std::size_t>(problem)].name;
}

Blame blameOf(FrameProblem problem) {
    assert(problem < FrameProblem::kCount);
    return kFrameProblems[static_cast<std::size_t>(problem)].blame;
}

} // namespace tallylock::wire

namespace tallylock {
template Bytes encodeCbor(const wire::Request&);
template Bytes encodeCbor(const wire::Answer&);
template Result<wire::Request, CborError> decodeCbor(ByteView);
template Result<wire::Answer, CborError> decodeCbor(ByteView);
} // namespace tallylock
