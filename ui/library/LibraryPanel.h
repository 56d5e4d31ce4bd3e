// One thing that I own, and what can be done with it: unlock, verify, open, show in its folder, save a copy.
#pragma once

#include "ui/kit/PreviewPicture.h"
#include "ui/kit/View.h"

class QLabel;
class QPushButton;

namespace tallylock::ui {

class Badge;
class Banner;
class Facts;
class KeyPanel;
class PlainLabel;
class PrimaryButton;
class ProgressPanel;

class LibraryPanel : public QWidget {
    Q_OBJECT

public:
    explicit LibraryPanel(Context& context, QWidget* parent = nullptr);
    void showRow(const api::LibraryRow& row, const PreviewFace& face);

signals:
    /// Something was unlocked: ask for the library again.
    void changed();

private:
    QWidget* makeButtons();
    QString hint() const;
    void fill();
    void askCustody();
    void addCustody();
    void unlock();
    /// Puts the file back as it was sold; asks first if that replaces one.
    void unlockAgain();
    void verify();
    /// A job that reads the whole file; one at a time.
    void begin(const QString& what);
    QString about(const api::LibraryRow& row, const QString& text) const;
    void refuse(const api::LibraryRow& row, const api::Refusal& refusal);
    /// What the job shows while it runs.
    std::function<void(api::JobProgress)> progress();
    void openFile();
    void showInFolder();
    void saveCopy();
    void copyTo(const QString& path);
    void markCopy();

    Context& m_context;
    api::LibraryRow m_row;
    std::vector<api::CustodyRow> m_custody; ///< of the asset shown
    Hash m_custodyOf;
    SaleId m_working; ///< what is being unlocked or verified; none: nothing
    PreviewPicture* m_picture;
    PlainLabel* m_name;
    Badge* m_badge;
    QLabel* m_hint;
    Banner* m_banner;
    ProgressPanel* m_progress; ///< of unlocking or verifying
    PrimaryButton* m_unlock;
    PrimaryButton* m_open;
    QPushButton* m_folder;
    QPushButton* m_verify;
    QPushButton* m_again;
    QPushButton* m_save;
    QPushButton* m_mark;
    QPushButton* m_sale;
    KeyPanel* m_key;
    Facts* m_facts;
};

} // namespace tallylock::ui
