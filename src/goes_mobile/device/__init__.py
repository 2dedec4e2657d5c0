"""What a device offers the program (:class:`goes_mobile.state.parts.Parts`), per platform."""
