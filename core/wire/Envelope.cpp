#include "core/wire/Envelope.h"

#include <type_traits>

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
    static constexpr void fields(auto use) {
        using E = EnvelopeFrame;
        use(field(1, &E::version), field(2, &E::type), field(3, &E::counter), field(4, &E::signer), field(5, &E::body),
            field(6, &E::signature));
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

/// Nothing for a kind that needs a signature.
template <class... Kinds>
Result<engine::CommandBody, WireError> readUnsignedBody(std::type_identity<std::variant<Kinds...>>,
                                                        const UnsignedCommand& command) {
    CborReader reader(command.body);
    engine::CommandBody body;
    const bool known =
        ((Kinds::kType == command.type && (body.template emplace<Kinds>(readCbor<Kinds>(reader)), true)) || ...);
    if (!known) return Err(WireError::SignatureNeeded);
    if (!reader.finish()) return Err(WireError::Malformed);
    return body;
}
} // namespace

const char* nameOf(WireError error) {
    switch (error) {
    case WireError::Malformed: return "malformed";
    case WireError::UnknownVersion: return "unknown version";
    case WireError::UnknownType: return "unknown command type";
    case WireError::TooLarge: return "too large";
    case WireError::SignatureInvalid: return "invalid signature";
    case WireError::SignatureNeeded: return "signature needed";
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

std::uint64_t typeOf(const engine::CommandBody& body) {
    return std::visit([](const auto& known) { return std::decay_t<decltype(known)>::kType; }, body);
}

Result<engine::Command, WireError> openUnsigned(const IdentityKey& device, const UnsignedCommand& command) {
    auto body = readUnsignedBody(std::type_identity<UnsignedKinds>(), command);
    if (!body) return Err(body.error());
    CborWriter writer; // what would be signed
    writer.array(5);
    writer.unsignedInt(kVersion);
    writer.unsignedInt(command.type);
    writer.unsignedInt(command.counter);
    writeCbor(writer, device);
    writer.byteString(command.body);
    return engine::Command{device, command.counter, crypto::labelledHash(kCommandLabel, writer.bytes()),
                           std::move(*body)};
}

Bytes entryOf(std::uint64_t place, const UnsignedCommand& command) {
    CborWriter writer;
    writer.array(4);
    writer.unsignedInt(place);
    writer.unsignedInt(command.counter);
    writer.unsignedInt(command.type);
    writer.byteString(command.body);
    return writer.take();
}

Result<Entry, WireError> readEntry(ByteView entry, std::span<const IdentityKey> devices) {
    constexpr std::uint8_t kArray = 4;
    if (entry.empty() || entry[0] >> 5 != kArray) {
        auto command = readCommand(entry);
        if (!command) return Err(command.error());
        return Entry{std::move(*command), std::nullopt};
    }
    CborReader reader(entry);
    if (reader.array(4) != 4) reader.fail(CborError::WrongType);
    const std::uint64_t place = reader.unsignedInt();
    UnsignedCommand read;
    read.counter = reader.unsignedInt();
    read.type = reader.unsignedInt();
    read.body = reader.byteString(kMaxEnvelopeSize);
    if (!reader.finish() || place >= devices.size()) return Err(WireError::Malformed);
    auto command = openUnsigned(devices[place], read);
    if (!command) return Err(command.error());
    return Entry{std::move(*command), place};
}

} // namespace tallylock::wire
