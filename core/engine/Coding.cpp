#include "core/engine/Commands.h"
#include "core/engine/Events.h"

namespace tallylock::engine {

CommandBody::CommandBody() = default;
CommandBody::CommandBody(const CommandBody& other) = default;
CommandBody::CommandBody(CommandBody&& other) noexcept = default;
CommandBody& CommandBody::operator=(const CommandBody& other) = default;
CommandBody& CommandBody::operator=(CommandBody&& other) noexcept = default;
CommandBody::~CommandBody() = default;

EventBody::EventBody() = default;
EventBody::EventBody(const EventBody& other) = default;
EventBody::EventBody(EventBody&& other) noexcept = default;
EventBody& EventBody::operator=(const EventBody& other) = default;
EventBody& EventBody::operator=(EventBody&& other) noexcept = default;
EventBody::~EventBody() = default;

} // namespace tallylock::engine

namespace tallylock {
template Bytes encodeCbor(const engine::CommandBody&);
template Bytes encodeCbor(const engine::EventBody&);
template Result<engine::CommandBody, CborError> decodeCbor(ByteView);
template Result<engine::EventBody, CborError> decodeCbor(ByteView);
} // namespace tallylock
