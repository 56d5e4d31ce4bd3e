// Where open orders lie: one array with reused slots, and the way from an order's number to its slot.
#pragma once

#include "core/base/FlatMap.h"
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
        m_slotOf.insert(order.id, slot);
        return slot;
    }
    void drop(std::uint32_t slot) {
        m_slotOf.erase(m_nodes[slot].order.id);
        m_nodes[slot].order = Order{};
        m_nodes[slot].next = m_free;
        m_free = slot;
    }
    std::uint32_t slotOf(OrderId id) const {
        const std::uint32_t* slot = m_slotOf.find(id);
        return slot ? *slot : kNoSlot;
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
    static_assert(sizeof(Node) <= 80, "with its two entries in hash tables an order takes at most 128 bytes");

    std::vector<Node> m_nodes;
    std::uint32_t m_free = kNoSlot; // chained through next
    FlatMap<OrderId, std::uint32_t> m_slotOf;
};

} // namespace tallylock::market
