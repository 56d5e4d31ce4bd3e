// What the other rooms say, in the words of the api. Each enum is mapped by a switch without default, so that the
// compiler names what is missing.
#pragma once

#include "core/api/Problem.h"
#include "core/asset/Manifest.h"
#include "core/ports/FileStore.h"
#include "core/ports/Media.h"
#include "core/wire/Envelope.h"
#include "core/wire/Frames.h"

namespace tallylock::party {

api::Problem problemOf(engine::Refused refused);
api::Problem problemOf(wire::FrameProblem problem);
api::Problem problemOf(asset::SealError error);
api::Problem problemOf(asset::ManifestError error);
api::Problem problemOf(ports::StoreError error);
api::Problem problemOf(ports::MediaError error);

inline api::Refusal refusalOf(const engine::Reply& reply) { return {problemOf(reply.refused), reply.detail}; }
inline api::Refusal refusalOf(const wire::Problem& problem) { return {problemOf(problem.problem), problem.detail}; }
inline api::Refusal refusalOf(const ports::StoreFailure& failure) { return {problemOf(failure.error), failure.detail}; }

} // namespace tallylock::party
