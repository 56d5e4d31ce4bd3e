// A set that only grows, in little more memory than its elements: a sorted array, and a small tree of what is new.
// The tree is merged into the array when it has an eighth of its size, so adding stays cheap on average.
#pragma once

#include <algorithm>
#include <cassert>
#include <set>
#include <vector>

namespace tallylock::treasury {

template <class T>
class CompactSet {
public:
    std::size_t size() const { return m_old.size() + m_young.size(); }

    /// nullptr if absent. Live until the next insertion.
    const T* find(const T& element) const {
        if (const auto young = m_young.find(element); young != m_young.end()) return &*young;
        const auto old = std::lower_bound(m_old.begin(), m_old.end(), element);
        return old != m_old.end() && !(element < *old) ? &*old : nullptr;
    }
    /// The element must be absent.
    void insert(T element) {
        m_young.insert(std::move(element));
        if (m_young.size() > kLeastYoung && m_young.size() > m_old.size() / 8) merge();
    }
    /// The element must be above all others, and none may have been inserted yet.
    void append(T element) {
        assert(m_young.empty() && (m_old.empty() || m_old.back() < element));
        m_old.push_back(std::move(element));
    }
    /// In order.
    template <class F>
    void forEach(F&& visit) const {
        auto young = m_young.begin();
        for (const T& old : m_old) {
            for (; young != m_young.end() && *young < old; ++young) visit(*young);
            visit(old);
        }
        for (; young != m_young.end(); ++young) visit(*young);
    }

private:
    static constexpr std::size_t kLeastYoung = 256;
    void merge() {
        std::vector<T> all;
        all.reserve(size());
        for (T& old : m_old) {
            while (!m_young.empty() && *m_young.begin() < old) all.push_back(takeLeastYoung());
            all.push_back(std::move(old));
        }
        while (!m_young.empty()) all.push_back(takeLeastYoung());
        m_old = std::move(all);
    }
    /// The least of what is new.
    T takeLeastYoung() { return std::move(m_young.extract(m_young.begin()).value()); }

    std::vector<T> m_old;
    std::set<T> m_young;
};

} // namespace tallylock::treasury
