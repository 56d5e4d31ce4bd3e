// One page of the encryption wizard, and what the pages fill in together.
#pragma once

#include "ui/kit/View.h"
#include "ui/sell/FileLook.h"

#include <optional>

namespace tallylock::ui {

/// What the seller has decided so far.
struct SellForm {
    FileLook file;
    api::Preview preview; ///< exactly what will be published
    bool mark = false;    ///< seal a copy that carries a tracking mark
    QString name;
    QString description;
    api::Amount price;
    std::optional<api::DraftRow> sealed;      ///< once it is encrypted
    std::optional<api::DraftRow> interrupted; ///< its encryption is to go on
    ListingId published;
};

class SellPage : public QWidget {
    Q_OBJECT

public:
    SellPage(Context& context, SellForm& form, QWidget* parent = nullptr)
        : QWidget(parent),
          m_context(context),
          m_form(form) {}

    /// The step's name in the trail.
    virtual QString title() const = 0;
    /// What the button that goes on says.
    virtual QString nextText() const { return tr("Next"); }
    /// The page comes up: show what the form holds.
    virtual void enter() {}
    /// Whether the button that goes on may be pressed now.
    virtual bool ready() const { return true; }
    /// Puts the page's answer into the form. A text says what is wrong; empty: go on.
    virtual QString commit() { return {}; }
    /// The seller goes back from here: stop what runs.
    virtual void retreat() {}
    virtual bool canGoBack() const { return true; }
    /// The widget that gets the keyboard.
    virtual QWidget* firstField() { return nullptr; }

signals:
    /// ready(), nextText() or canGoBack() may have changed.
    void stateChanged();
    /// Go on, as if the button had been pressed.
    void advance();
    void refused(const tallylock::api::Refusal& refusal);

protected:
    Context& context() const { return m_context; }
    SellForm& form() const { return m_form; }

private:
    Context& m_context;
    SellForm& m_form;
};

} // namespace tallylock::ui
