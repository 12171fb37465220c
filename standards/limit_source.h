// Reading where a limit comes from: the document of a limits file, and what an entry says beside
// it.
#pragma once

#include "standards/limit.h"

namespace carebench {

// {kind, id, title, edition, valid_from, valid_to, successor, confidence}
LimitSource read_document_source(const yaml::Node& node, Problems& problems);
// {kind, document, clause, edition, …} over `file`; another `document` than the file's begins anew.
// Without a file, kind and document must stand there.
LimitSource read_entry_source(const yaml::Node& node, Problems& problems, const LimitSource* file);

}  // namespace carebench
