// What the practice counterparty sells: a small text and a small picture, made by the program.
#pragma once

#include "core/api/Session.h"

namespace tallylock::app {

struct SampleAsset {
    std::string fileName;
    std::string name;
    std::string description;
    std::string mediaType;
    Bytes content;
    api::Preview preview;
    std::int64_t priceDollars = 0;
};

SampleAsset sampleText();
SampleAsset samplePicture();

} // namespace tallylock::app
