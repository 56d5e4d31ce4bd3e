#include "core/party/Server.h"

namespace tallylock::party {

using wire::FrameProblem;

static wire::Problem linkProblem(ports::LinkError error) {
    switch (error) {
    case ports::LinkError::Closed: return {FrameProblem::Stopping, "link closed"};
    case ports::LinkError::Busy: return {FrameProblem::Busy, {}};
    case ports::LinkError::TooLarge: return {FrameProblem::Malformed, "frame too large"};
    }
    return {FrameProblem::Internal, {}};
}

void Server::send(const wire::Request& request, Then<wire::Answer> then) const {
    m_link->request(encodeCbor(request),
                    [poster = m_poster, then = std::move(then)](Result<Bytes, ports::LinkError> frame) {
                        poster.post([then, frame = std::move(frame)] {
                            if (!frame) return then(Err(linkProblem(frame.error())));
                            auto answer = decodeCbor<wire::Answer>(*frame);
                            if (!answer)
                                return then(Err(wire::Problem{FrameProblem::Malformed, nameOf(answer.error())}));
                            then(std::move(*answer));
                        });
                    });
}

} // namespace tallylock::party
