// What a view of the window is given, and what the window asks of a view.
//
// A view is added by deriving from View in a folder of its own and naming it in ui/shell/Views.cpp. It never reaches
// for another view: it asks the Context to go to a place.
#pragma once

#include "core/api/Session.h"
#include "ui/kit/Units.h"

#include <QWidget>

#include <memory>

namespace tallylock::ui {

/// The places of the navigation list, in its order.
enum class Place : std::uint8_t { Home, Shop, Sell, Sales, Library, Market, Funds, Institution, kCount };

/// One window's profile: its session, its units, and the way round the window. Lives as long as the window.
class Context : public QObject {
    Q_OBJECT
public:
    Context(api::Node& node, std::shared_ptr<api::Session> session, QObject* parent = nullptr);

    api::Node& node() const { return m_node; }
    api::Session& session() const { return *m_session; }
    /// Loaded before any view is made.
    const Units& units() const { return m_units; }
    void setUnits(Units units) { m_units = std::move(units); }
    /// Null unless the node runs on the practice rail.
    api::Practice* practice() const { return m_node.practice(); }

    void goTo(Place place) { emit went(place, 0); }
    void openListing(ListingId listing) { emit went(Place::Shop, listing.value); }
    void openSale(SaleId sale) { emit went(Place::Sales, sale.value); }
    void openLibrary(SaleId sale) { emit went(Place::Library, sale.value); }
    void openFunds() { emit went(Place::Funds, 0); }

signals:
    /// The session's watcher, handed on to every view that connects.
    void changed(tallylock::api::Topic topic);
    void went(tallylock::ui::Place place, quint64 id);

private:
    api::Node& m_node;
    std::shared_ptr<api::Session> m_session;
    Units m_units;
};

class View : public QWidget {
    Q_OBJECT
public:
    explicit View(Context& context, QWidget* parent = nullptr);

    Context& context() const { return m_context; }
    api::Session& session() const { return m_context.session(); }
    const Units& units() const { return m_context.units(); }

    virtual Place place() const = 0;
    /// As in the navigation list and as the window's heading.
    virtual QString title() const = 0;
    /// Name of a file in resources/icons, without ending.
    virtual QString iconName() const = 0;
    /// The view came to the front; a good moment to ask for fresh rows.
    virtual void shown() {}
    /// Go to the listing or sale with this number.
    virtual void open(quint64 id) { Q_UNUSED(id) }

private:
    Context& m_context;
};

} // namespace tallylock::ui

Q_DECLARE_METATYPE(tallylock::api::Topic)
