// What a body did and what was destroyed, in order.
#pragma once

#include <memory>
#include <string>
#include <utility>

using trail = std::shared_ptr<std::string>;

struct mark {
  mark(trail to, std::string name)
    : to_(std::move(to)), name_(std::move(name)) {
    *to_ += "+" + name_ + " ";
  }
  mark(const mark&) = delete;
  mark& operator=(const mark&) = delete;
  ~mark() { *to_ += "-" + name_ + " "; }

  trail to_;
  std::string name_;
};
