// Audio and video: the cover or a poster frame, and title, artist and length.
#pragma once

#include "core/media/Input.h"

namespace tallylock::media {

struct RecordingLook {
    std::optional<ports::Picture> picture;
    std::vector<std::string> lines;
    bool hasVideo = false;
};
Outcome<RecordingLook> lookAtRecording(const Input& input);
void warmUpRecordings();

} // namespace tallylock::media
