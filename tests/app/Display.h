// The windows on an X server as a stranger sees them: of any program, by their titles.
#pragma once

#include <QByteArray>

#include <cstdlib>
#include <memory>
#include <vector>
#include <xcb/xcb.h>

namespace tallylock::test {

class Display {
public:
    Display() : m_connection(xcb_connect(nullptr, nullptr)) {}
    ~Display() { xcb_disconnect(m_connection); }
    Display(const Display&) = delete;
    Display& operator=(const Display&) = delete;

    bool isConnected() const { return xcb_connection_has_error(m_connection) == 0; }

    /// Those that can be seen, without menus and tool tips.
    std::vector<xcb_window_t> windows(const QByteArray& title) const {
        std::vector<xcb_window_t> found;
        const auto tree = answer(xcb_query_tree_reply(m_connection, xcb_query_tree(m_connection, root()), nullptr));
        if (!tree) return found;
        const xcb_window_t* children = xcb_query_tree_children(tree.get());
        for (int i = 0; i < xcb_query_tree_children_length(tree.get()); ++i)
            if (isShown(children[i]) && titleOf(children[i]) == title) found.push_back(children[i]);
        return found;
    }

    /// As a click on its cross does.
    void close(xcb_window_t window) const {
        xcb_client_message_event_t event{};
        event.response_type = XCB_CLIENT_MESSAGE;
        event.format = 32;
        event.window = window;
        event.type = atom("WM_PROTOCOLS");
        event.data.data32[0] = atom("WM_DELETE_WINDOW");
        event.data.data32[1] = XCB_CURRENT_TIME;
        xcb_send_event(m_connection, 0, window, XCB_EVENT_MASK_NO_EVENT, reinterpret_cast<const char*>(&event));
        xcb_flush(m_connection);
    }

private:
    struct Free {
        void operator()(void* memory) const { std::free(memory); }
    };
    template <class T>
    static std::unique_ptr<T, Free> answer(T* reply) {
        return std::unique_ptr<T, Free>(reply);
    }
    xcb_window_t root() const { return xcb_setup_roots_iterator(xcb_get_setup(m_connection)).data->root; }
    xcb_atom_t atom(const QByteArray& name) const {
        const auto cookie = xcb_intern_atom(m_connection, 0, static_cast<std::uint16_t>(name.size()), name.constData());
        const auto reply = answer(xcb_intern_atom_reply(m_connection, cookie, nullptr));
        return reply ? reply->atom : xcb_atom_t{XCB_ATOM_NONE};
    }
    bool isShown(xcb_window_t window) const {
        const auto cookie = xcb_get_window_attributes(m_connection, window);
        const auto reply = answer(xcb_get_window_attributes_reply(m_connection, cookie, nullptr));
        return reply && reply->map_state == XCB_MAP_STATE_VIEWABLE && reply->override_redirect == 0;
    }
    QByteArray titleOf(xcb_window_t window) const {
        const auto cookie = xcb_get_property(m_connection, 0, window, XCB_ATOM_WM_NAME, XCB_ATOM_ANY, 0, 256);
        const auto reply = answer(xcb_get_property_reply(m_connection, cookie, nullptr));
        if (!reply) return {};
        return {static_cast<const char*>(xcb_get_property_value(reply.get())),
                xcb_get_property_value_length(reply.get())};
    }

    xcb_connection_t* m_connection;
};

} // namespace tallylock::test
