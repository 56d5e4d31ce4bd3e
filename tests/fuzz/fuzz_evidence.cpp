// Files of evidence. What can be read is written again to the same bytes, and checking it never fails otherwise than
// with a named fault. Of the true file nothing else passes: no part of it, and no alteration.
#include "core/wire/Evidence.h"
#include "tests/fuzz/Fuzz.h"

using namespace tallylock;
using namespace tallylock::wire;
using fuzz::require;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView file(data, size);
    const auto evidence = readEvidence(file);
    if (!evidence) return 0;
    require(fuzz::same(encodeCbor(*evidence), file), "a file of evidence is written as it was read");
    const auto story = checkEvidence(*evidence);
    if (!story) {
        require(story.error().receipt <= evidence->trail.links.size(), "a fault is at a receipt that is there");
        return 0;
    }
    require(story->lines.size() == evidence->trail.links.size(), "every receipt has its line");
    Evidence shorter = *evidence;
    shorter.trail.links.pop_back();
    require(!checkEvidence(shorter), "no receipt can be left out");
    Bytes changed = bytesOf(file);
    changed[changed.size() / 2] ^= 1;
    const auto other = readEvidence(changed);
    require(!other || !checkEvidence(*other), "what was altered does not pass");
    return 0;
}
