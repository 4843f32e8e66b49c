"""The pages of a stand-in, for people who try it out: the same for every tracker."""
