#include "ui/shell/Views.h"

#include "ui/funds/FundsView.h"
#include "ui/home/HomeView.h"
#include "ui/institution/InstitutionView.h"
#include "ui/library/LibraryView.h"
#include "ui/market/MarketView.h"
#include "ui/sales/SalesView.h"
#include "ui/sell/SellView.h"
#include "ui/shop/ShopView.h"

namespace tallylock::ui {

std::vector<View*> makeViews(Context& context, QWidget* parent) {
    return {
        new HomeView(context, parent),  new ShopView(context, parent),        new SellView(context, parent),
        new SalesView(context, parent), new LibraryView(context, parent),     new MarketView(context, parent),
        new FundsView(context, parent), new InstitutionView(context, parent),
    };
}

} // namespace tallylock::ui
