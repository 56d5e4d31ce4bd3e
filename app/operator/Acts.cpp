#include "app/operator/Acts.h"

#include <cstdarg>
#include <cstdio>

namespace tallylock::app {

namespace {
const ActGroup* const kGroups[] = {&kBooks, &kCases, &kDisputes, &kUsers, &kMarkets, &kNode};

std::string usageOf(const ActGroup& group) { return std::string("usage: ") + group.name + " DIR " + group.usage; }
} // namespace

const ActGroup* groupNamed(const std::string& name) {
    for (const ActGroup* group : kGroups) {
        if (name == group->name) return group;
    }
    return nullptr;
}

const Act* actIn(const ActGroup& group, const Words& words, std::string& wrong) {
    const std::string name = words.empty() ? group.otherwise : words.front();
    const std::size_t count = words.empty() ? 0 : words.size() - 1;
    for (const Act& act : group.acts) {
        if (name == act.name && count >= act.least && count <= act.most) return &act;
    }
    wrong = usageOf(group);
    return nullptr;
}

Said perform(const ActGroup& group, Talk& talk, const Words& words) {
    std::string wrong;
    const Act* act = actIn(group, words, wrong);
    if (!act) return failed(std::move(wrong));
    return act->run(talk, words.empty() ? Words{} : Words(words.begin() + 1, words.end()));
}

Said failed(std::string sentence) { return {1, {}, std::move(sentence)}; }

Said refused(const api::Refusal& refusal) {
    return failed(std::string(api::nameOf(refusal.problem)) +
                  (refusal.detail.empty() ? "" : " (" + refusal.detail + ")"));
}

Said done(const api::Answer<void>& answer) { return answer ? Said{} : refused(answer.error()); }

void add(Said& said, const char* format, ...) {
    std::va_list values;
    va_start(values, format);
    std::va_list again;
    va_copy(again, values);
    const int size = std::vsnprintf(nullptr, 0, format, values);
    va_end(values);
    if (size > 0) {
        const std::size_t before = said.out.size();
        said.out.resize(before + static_cast<std::size_t>(size) + 1);
        std::vsnprintf(said.out.data() + before, static_cast<std::size_t>(size) + 1, format, again);
        said.out.pop_back();
    }
    va_end(again);
}

} // namespace tallylock::app
