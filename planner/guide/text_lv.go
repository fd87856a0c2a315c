package guide

func latvian() catalogue { return english() }
