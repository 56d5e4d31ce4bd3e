// Who vouches for the orders of a profile: its own signature under each, or the coordinator. An entry of the menu.
#pragma once

#include <QAction>

namespace tallylock::ui {

class Banner;
class Context;

/// Checked while each order is signed by itself. A choice is kept in the profile's folder; one that is refused, or
/// cannot be kept, is taken back and explained by the banner.
class SigningAction : public QAction {
    Q_OBJECT
public:
    SigningAction(Context& context, Banner* banner, QObject* parent);

private:
    void choose(bool each);

    Context& m_context;
    Banner* m_banner;
};

} // namespace tallylock::ui
