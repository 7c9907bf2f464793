"""The screen: draws a View, tells of touches and keys, decides nothing."""
