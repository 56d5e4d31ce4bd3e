#include "ui/shell/SigningAction.h"

#include "core/api/Guard.h"
#include "ui/kit/Ask.h"
#include "ui/kit/View.h"

namespace tallylock::ui {

SigningAction::SigningAction(Context& context, Banner* banner, QObject* parent)
    : QAction(tr("&Sign each order by itself"), parent),
      m_context(context),
      m_banner(banner) {
    setCheckable(true);
    setEnabled(false); // until it is known
    setToolTip(tr("Otherwise the coordinator vouches that an order came from you. With a signature under each order "
                  "nobody has to take its word; placing one takes a little longer."));
    connect(this, &QAction::triggered, this, &SigningAction::choose);
    context.session().guard().signsOrders(askRaw(this, [this](const api::Answer<bool>& each) {
        if (!each) return;
        setChecked(*each);
        setEnabled(true);
    }));
}

void SigningAction::choose(bool each) {
    setEnabled(false);
    m_context.session().guard().signOrders(each, askRaw(this, [this, each](const api::Answer<void>& kept) {
                                               setEnabled(true);
                                               if (!kept) {
                                                   setChecked(!each);
                                                   return m_banner->refuse(kept.error());
                                               }
                                               m_banner->succeed(
                                                   each ? tr("From now on each order is signed by itself.")
                                                        : tr("From now on the coordinator vouches for your orders."));
                                           }));
}

} // namespace tallylock::ui
