// Where open orders lie: one array with reused slots, and the way from an order's number to its slot.
#pragma once

#include "core/base/IdTable.h"
#include "core/market/Order.h"

#include <cassert>
#include <vector>

namespace tallylock::market {

inline constexpr std::uint32_t kNoSlot = UINT32_MAX;

class OrderPool {
public:
    std::size_t size() const { return m_slotOf.size(); }

    /// The order's number must be new.
    std::uint32_t add(const Order& order) {
        std::uint32_t slot = m_free;
        if (slot == kNoSlot) {
            assert(m_nodes.size() < kNoSlot);
            slot = static_cast<std::uint32_t>(m_nodes.size());
            m_nodes.emplace_back();
        } else {
            m_free = m_nodes[slot].next;
        }
        m_nodes[slot] = Node{order, kNoSlot, kNoSlot};
        m_slotOf.insert(order.id.value, slot);
        return slot;
    }
    void drop(std::uint32_t slot) {
        m_slotOf.erase(m_nodes[slot].order.id.value, slot);
        m_nodes[slot].order = Order{};
        m_nodes[slot].next = m_free;
        m_free = slot;
    }
    std::uint32_t slotOf(OrderId id) const {
        return m_slotOf.find(id.value, [this](std::uint32_t slot) { return m_nodes[slot].order.id.value; });
    }

    // For an order that will be asked for in a moment: the way to it, the order, what it is linked to.
    void prefetchPlace(OrderId id) const { m_slotOf.prefetch(id.value); }
    void prefetch(OrderId id) const {
        const std::uint32_t slot = m_slotOf.guess(id.value);
        if (slot == kNoSlot) return;
        prefetchLine(&m_nodes[slot]);
        prefetchLine(&m_nodes[slot].next);
    }
    /// Most likely this one.
    const Order* guess(OrderId id) const {
        const std::uint32_t slot = m_slotOf.guess(id.value);
        return slot == kNoSlot ? nullptr : &m_nodes[slot].order;
    }
    /// Answers what guess() does.
    const Order* prefetchNeighbours(OrderId id) const {
        const std::uint32_t slot = m_slotOf.guess(id.value);
        if (slot == kNoSlot) return nullptr;
        const Node& node = m_nodes[slot];
        if (node.previous != kNoSlot) prefetchLine(&m_nodes[node.previous].next);
        if (node.next != kNoSlot) prefetchLine(&m_nodes[node.next].previous);
        return &node.order;
    }

    Order& order(std::uint32_t slot) { return m_nodes[slot].order; }
    const Order& order(std::uint32_t slot) const { return m_nodes[slot].order; }
    std::uint32_t next(std::uint32_t slot) const { return m_nodes[slot].next; }

    void linkLast(std::uint32_t slot, std::uint32_t& head, std::uint32_t& tail) {
        m_nodes[slot].previous = tail;
        m_nodes[slot].next = kNoSlot;
        (tail == kNoSlot ? head : m_nodes[tail].next) = slot;
        tail = slot;
    }
    void unlink(std::uint32_t slot, std::uint32_t& head, std::uint32_t& tail) {
        const Node& node = m_nodes[slot];
        (node.previous == kNoSlot ? head : m_nodes[node.previous].next) = node.next;
        (node.next == kNoSlot ? tail : m_nodes[node.next].previous) = node.previous;
    }

    /// In no order.
    template <class F>
    void forEach(F&& visit) const {
        for (const Node& node : m_nodes) {
            if (node.order.id) visit(node.order);
        }
    }

private:
    struct Node {
        Order order;
        std::uint32_t previous = kNoSlot;
        std::uint32_t next = kNoSlot;
    };
    static_assert(sizeof(Node) <= 80);

    HugeVector<Node> m_nodes;
    std::uint32_t m_free = kNoSlot; // chained through next
    IdTable m_slotOf;
};

} // namespace tallylock::market
