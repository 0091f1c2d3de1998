// What can be wrong with a journal, as a value: which kind, at which command, and one line that
// says it to a person.
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <string>

#include "frontrow/ids.hpp"

namespace frontrow::journal {

enum class Fault : std::uint8_t {
  kNone = 0,
  kNoJournal,       ///< The directory holds none: a first start.
  kInUse,           ///< Another process has the data directory.
  kStorage,         ///< The storage underneath says so, or the operating system; names the file.
  kSequenceGap,     ///< A block does not begin where the one before it ended.
  kTooShort,        ///< A block's value is shorter than header and checksum.
  kTooLong,         ///< A block's value is longer than any that is written.
  kUnknownVersion,  ///< Of the block's format.
  kChecksum,        ///< CRC32C.
  kChain,           ///< The block does not carry the hash of the one before it.
  kCount,           ///< Not between 1 and `block_commands_max`, or not what the block holds.
  kCommand,         ///< Bytes that are not exactly one known command.
  kTime,            ///< A block's time lies before that of the block before it.
  kFirstCommand,    ///< The journal does not begin with `OpenRound`, or with one that fits.
  kState,           ///< The recorded state hash is not that of the replayed state.
  kReader,          ///< Whoever read along said stop.
};

struct Error {
  Fault fault = Fault::kNone;
  /// The command at fault or the first of the block at fault; 0 where none can be named.
  Sequence sequence = 0;
  std::string message;
};

template <class T>
using Result = boost::system::result<T, Error>;

/// "sequence 4711: what", the form of every error that can name a command.
Error error_at(Fault fault, Sequence sequence, const std::string& what);

/// For `boost::system::result::value()`; an error is looked at, not thrown, everywhere here.
[[noreturn]] void throw_exception_from_error(const Error& error,
                                             const boost::source_location& location);

}  // namespace frontrow::journal
