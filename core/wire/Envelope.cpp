#include "core/wire/Envelope.h"

namespace tallylock::wire {

namespace {
constexpr const char* kCommandLabel = "command";

struct EnvelopeFrame {
    std::uint64_t version = kVersion;
    std::uint64_t type = 0;
    std::uint64_t counter = 0;
    IdentityKey signer;
    Bytes body;
    Signature signature;
    static constexpr auto fields() {
        using E = EnvelopeFrame;
        return std::tuple{field(1, &E::version), field(2, &E::type), field(3, &E::counter),
                          field(4, &E::signer),  field(5, &E::body), field(6, &E::signature)};
    }
    Bytes signedPart() const { return crypto::cborList(version, type, counter, signer, body); }
};

struct Opened {
    EnvelopeFrame frame;
    engine::Command command;
};

Result<Opened, WireError> readEnvelope(ByteView bytes) {
    if (bytes.size() > kMaxEnvelopeSize) return Err(WireError::TooLarge);
    auto frame = decodeCbor<EnvelopeFrame>(bytes);
    if (!frame) return Err(WireError::Malformed);
    if (frame->version != kVersion) return Err(WireError::UnknownVersion);
    CborReader reader(frame->body);
    Opened opened;
    opened.command.body = CborCodec<engine::CommandBody>::readBody(reader, frame->type);
    if (!reader.finish()) {
        const bool unknownType = reader.error() == CborError::UnknownKey && reader.remaining() == frame->body.size();
        return Err(unknownType ? WireError::UnknownType : WireError::Malformed);
    }
    opened.command.signer = frame->signer;
    opened.command.counter = frame->counter;
    opened.command.hash = crypto::labelledHash(kCommandLabel, frame->signedPart());
    opened.frame = std::move(*frame);
    return opened;
}
} // namespace

const char* nameOf(WireError error) {
    switch (error) {
    case WireError::Malformed: return "malformed";
    case WireError::UnknownVersion: return "unknown version";
    case WireError::UnknownType: return "unknown command type";
    case WireError::TooLarge: return "too large";
    case WireError::SignatureInvalid: return "invalid signature";
    }
    return "?";
}

Bytes sealCommand(const keys::Identity& signer, std::uint64_t counter, const engine::CommandBody& body) {
    EnvelopeFrame frame;
    frame.counter = counter;
    frame.signer = signer.key();
    std::visit(
        [&](const auto& known) {
            frame.type = std::decay_t<decltype(known)>::kType;
            frame.body = encodeCbor(known);
        },
        body);
    frame.signature = signer.sign(kCommandLabel, frame.signedPart());
    return encodeCbor(frame);
}

Result<engine::Command, WireError> readCommand(ByteView envelope) {
    auto opened = readEnvelope(envelope);
    if (!opened) return Err(opened.error());
    return std::move(opened->command);
}

Result<engine::Command, WireError> openCommand(ByteView envelope) {
    auto opened = readEnvelope(envelope);
    if (!opened) return Err(opened.error());
    const EnvelopeFrame& frame = opened->frame;
    if (!crypto::verify(frame.signer, kCommandLabel, frame.signedPart(), frame.signature)) {
        return Err(WireError::SignatureInvalid);
    }
    return std::move(opened->command);
}

} // namespace tallylock::wire
