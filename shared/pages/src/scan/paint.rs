//! Graphics states, colours, patterns, shadings and fonts that content names.

use hayro::hayro_interpret::{CacheKey, Function};
use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Rect, Stream, dict_or_stream};
use hayro::hayro_syntax::page::Resources;

use super::content::Walk;
use super::surroundings::Backdrop;
use super::{stream, weight};
use crate::Construct;

impl<'a> Walk<'_, 'a> {
    pub(super) fn graphics_state(&mut self, name: &Name<'_>, resources: &Resources<'a>) {
        let Some(state) = resources.get_ext_g_state(name) else {
            return self.refuse(Construct::MissingResource);
        };
        self.take_state(&state);
        if self.is_new(&state) {
            self.check_graphics_state(&state, resources);
        }
    }

    /// ISO 32000-2, section 8.4.5, table 57. Entries left out here concern the
    /// stroke, halftones and overprinting, which no screen shows.
    fn check_graphics_state(&mut self, state: &Dict<'a>, resources: &Resources<'a>) {
        weight::weigh_state(state, self.findings());
        if let Some(mode) = state.get::<Object<'_>>("BM") {
            let drawn = first_blend_mode(mode).is_some_and(|mode| self.is_drawn_blend_mode(&mode));
            self.findings().refuse_unless(drawn, Construct::BlendMode);
        }
        for key in ["TR", "TR2"] {
            let plain = state.get::<Object<'_>>(key).is_none_or(|it| matches!(it, Object::Name(_)));
            self.findings().refuse_unless(plain, Construct::TransferFunction);
        }
        let alpha_is_shape = state.get::<bool>("AIS").unwrap_or(false);
        self.findings().refuse_unless(!alpha_is_shape, Construct::SoftMask);
        match state.get::<Object<'_>>("SMask") {
            None | Some(Object::Name(_)) => {}
            Some(Object::Dict(mask)) => self.soft_mask(&mask, resources),
            Some(_) => self.refuse(Construct::SoftMask),
        }
        for key in ["ca", "CA"] {
            let is_share = state.get::<f32>(key).is_some_and(|alpha| (0.0..=1.0).contains(&alpha));
            self.findings().refuse_unless(is_share || !state.contains_key(key), Construct::BrokenContent);
        }
        let paints_fully = |key: &str| !state.contains_key(key) || state.get::<f32>(key).is_some_and(|alpha| alpha >= 1.0);
        let has_mask = matches!(state.get::<Object<'_>>("SMask"), Some(Object::Dict(_)));
        self.refuse_in_knockout_unless(paints_fully("ca") && paints_fully("CA") && !has_mask);
        if let Some(font) = state.get::<Array<'_>>("Font").and_then(|it| it.iter::<Dict<'_>>().next()) {
            self.font(&font, resources);
            self.set_font(&font);
        }
    }

    fn is_drawn_blend_mode(&self, mode: &[u8]) -> bool {
        matches!(mode, b"Normal" | b"Compatible") || (self.blends_as_drawn() && DRAWN_BLEND_MODES.contains(&mode))
    }

    fn soft_mask(&mut self, mask: &Dict<'a>, resources: &Resources<'a>) {
        let kind = mask.get::<Name<'_>>("S");
        let known = matches!(kind.as_deref(), Some(b"Alpha" | b"Luminosity"));
        let plain = mask.get::<Object<'_>>("TR").is_none_or(|it| matches!(it, Object::Name(_)));
        self.findings().refuse_unless(known, Construct::SoftMask);
        self.findings().refuse_unless(plain, Construct::TransferFunction);
        match mask.get::<Stream<'_>>("G") {
            Some(group) => {
                let by_light = kind.as_deref() == Some(b"Luminosity");
                self.findings().refuse_unless(!by_light || has_color_space(&group), Construct::SoftMask);
                self.mask(&group, resources);
            }
            None => self.refuse(Construct::SoftMask),
        }
    }

    pub(super) fn named_color_space(&mut self, name: &Name<'_>, resources: &Resources<'a>) {
        let space = match resources.get_color_space(name) {
            Some(space) => space,
            None => Object::Name(name.clone()),
        };
        self.take_weight(&space);
        self.color_space(&space, MAX_ALTERNATES);
    }

    /// What stands for the spaces of devices, which the renderer leaves out: profiles shift colours a little, other
    /// spaces turn black into white. ISO 32000-2, section 8.6.5.6.
    pub(super) fn default_spaces(&mut self, resources: &Resources<'a>) {
        let spaces = &resources.color_spaces;
        let is_close = ["DefaultGray", "DefaultRGB", "DefaultCMYK"].into_iter().all(|key| {
            let space = spaces.get::<Array<'_>>(key).and_then(|parts| parts.iter::<Name<'_>>().next());
            let is_close = |family: Name<'_>| matches!(family.as_ref(), b"CalGray" | b"CalRGB" | b"ICCBased");
            !spaces.contains_key(key) || space.is_some_and(is_close) || spaces.get::<Name<'_>>(key).is_some()
        });
        self.findings().refuse_unless(is_close, Construct::ColorSpace);
    }

    /// ISO 32000-2, section 8.6.3, table 61.
    pub(super) fn color_space(&mut self, space: &Object<'_>, left: usize) {
        let known = match space {
            Object::Name(name) => PLAIN_SPACES.contains(&name.as_ref()),
            Object::Array(parts) => self.is_known_space(parts, left),
            _ => false,
        };
        self.findings().refuse_unless(known, Construct::ColorSpace);
    }

    fn is_known_space(&mut self, parts: &Array<'_>, left: usize) -> bool {
        let mut parts = parts.iter::<Object<'_>>();
        let Some(family) = parts.next().and_then(Object::into_name) else {
            return false;
        };
        let alternate = match family.as_ref() {
            b"CalGray" | b"CalRGB" | b"Lab" | b"ICCBased" => return true,
            b"Indexed" | b"I" | b"Pattern" => parts.next(),
            b"Separation" | b"DeviceN" => {
                let alternate = parts.nth(1);
                let is_over = self.findings().work().is_over();
                if is_over || !parts.next().is_some_and(|tint| Function::new(&tint).is_some()) {
                    return false;
                }
                alternate
            }
            plain => return PLAIN_SPACES.contains(&plain),
        };
        match alternate {
            Some(_) if left == 0 => false,
            Some(alternate) => {
                self.color_space(&alternate, left - 1);
                true
            }
            None => family.as_ref() == b"Pattern",
        }
    }

    pub(super) fn named_pattern(&mut self, name: Option<&Name<'_>>, resources: &Resources<'a>) {
        let Some(name) = name else {
            return;
        };
        match resources.get_pattern(name) {
            Some(Object::Stream(tile)) => self.tiling_pattern(&tile),
            Some(Object::Dict(pattern)) => self.shading_pattern(&pattern, resources),
            _ => self.refuse(Construct::MissingResource),
        }
    }

    /// A tile has nothing but its own resources, and where it has no colours of its own, no images either.
    fn tiling_pattern(&mut self, tile: &Stream<'a>) {
        let dictionary = tile.dict();
        let is_tiling = dictionary.get::<u8>("PatternType") == Some(1);
        let steps = ["XStep", "YStep"].map(|key| dictionary.get::<f32>(key));
        let has_steps = steps.iter().all(|step| step.is_some_and(|step| step.abs() > LEAST_STEP));
        let has_area = dictionary.get::<Rect>("BBox").is_some_and(|it| it.width() > 0.0 && it.height() > 0.0);
        self.findings().refuse_unless(is_tiling && has_steps && has_area, Construct::Pattern);
        let backdrop = match dictionary.get::<u8>("PaintType") {
            Some(1) => Backdrop::LeftOut,
            Some(2) => Backdrop::Stencils,
            _ => return self.refuse(Construct::Pattern),
        };
        let nothing = Resources::new(Dict::default());
        let own = dictionary.get::<Dict<'_>>("Resources").map_or(nothing, Resources::new);
        self.set_aside(tile, &own);
        self.on(backdrop, |walk| walk.form(tile, &own));
    }

    fn shading_pattern(&mut self, pattern: &Dict<'a>, resources: &Resources<'a>) {
        let is_shading = pattern.get::<u8>("PatternType") == Some(2);
        self.findings().refuse_unless(is_shading, Construct::Pattern);
        if let Some(state) = pattern.get::<Dict<'_>>("ExtGState") {
            self.check_graphics_state(&state, resources);
        }
        match pattern.get::<Object<'_>>("Shading") {
            Some(shading) => self.shading(&shading),
            None => self.refuse(Construct::Pattern),
        }
    }

    pub(super) fn named_shading(&mut self, name: &Name<'_>, resources: &Resources<'a>) {
        match resources.get_shading(name) {
            Some(shading) => self.shading(&shading),
            None => self.refuse(Construct::MissingResource),
        }
    }

    fn shading(&mut self, shading: &Object<'_>) {
        self.take_weight(shading);
        let has_colors = self.has_colors();
        self.findings().refuse_unless(has_colors, Construct::Shading);
        let Some((dictionary, mesh)) = dict_or_stream(shading) else {
            return self.refuse(Construct::Shading);
        };
        let kind = dictionary.get::<u8>("ShadingType");
        self.findings().refuse_unless(matches!(kind, Some(1..=7)), Construct::Shading);
        match dictionary.get::<Object<'_>>("ColorSpace") {
            Some(space) => self.color_space(&space, MAX_ALTERNATES),
            None => self.refuse(Construct::Shading),
        }
        if let Some(function) = dictionary.get::<Object<'_>>("Function") {
            let key = mesh.map_or_else(|| dictionary.cache_key(), CacheKey::cache_key);
            let bytes = weight::computed(&function, self.findings());
            self.findings().work().functions.insert(key, bytes);
        }
        if let Some(mesh) = mesh {
            if let Some(data) = stream::unfolded(mesh, self.findings()) {
                weight::weigh_mesh(dictionary, &data, self.findings());
            }
        }
    }

    pub(super) fn named_font(&mut self, name: &Name<'_>, resources: &Resources<'a>) {
        match resources.get_font(name) {
            Some(font) => {
                self.take_bytes(font.data());
                if self.is_new(&font) {
                    self.font(&font, resources);
                }
                self.set_font(&font);
            }
            None => self.refuse(Construct::MissingResource),
        }
    }

    /// The glyphs of outline fonts are looked at in the rehearsal; those of a
    /// Type 3 font are content.
    fn font(&mut self, font: &Dict<'a>, resources: &Resources<'a>) {
        let kind = font.get::<Name<'_>>("Subtype");
        match kind.as_deref() {
            Some(b"Type0" | b"Type1" | b"MMType1" | b"TrueType") => {
                weight::weigh_dictionary(font, self.findings());
            }
            Some(b"Type3") => self.type3_glyphs(font, resources),
            _ => self.refuse(Construct::Font),
        }
    }
}

/// A group whose light masks; without a space for its colours the renderer sets no mask.
fn has_color_space(group: &Stream<'_>) -> bool {
    group.dict().get::<Dict<'_>>("Group").is_some_and(|group| group.contains_key("CS"))
}

/// The first name of a list that a reader knows is taken: only a list of one
/// is the same for all.
fn first_blend_mode(mode: Object<'_>) -> Option<Vec<u8>> {
    match mode {
        Object::Name(name) => Some(name.to_vec()),
        Object::Array(names) => names.iter::<Name<'_>>().next().map(|name| name.to_vec()),
        _ => None,
    }
}

/// ISO 32000-2, section 11.3.5, without Saturation. Compared with poppler's
/// pictures: the same on pages and in isolated groups, different in others.
const DRAWN_BLEND_MODES: [&[u8]; 14] = [
    b"Multiply",
    b"Screen",
    b"Overlay",
    b"Darken",
    b"Lighten",
    b"ColorDodge",
    b"ColorBurn",
    b"HardLight",
    b"SoftLight",
    b"Difference",
    b"Exclusion",
    b"Hue",
    b"Color",
    b"Luminosity",
];

const PLAIN_SPACES: [&[u8]; 7] = [b"DeviceGray", b"DeviceRGB", b"DeviceCMYK", b"Pattern", b"G", b"RGB", b"CMYK"];

/// What the renderer takes for none at all.
const LEAST_STEP: f32 = 0.001;

/// An indexed space over a separation over a profile is the deepest real one.
pub(super) const MAX_ALTERNATES: usize = 4;
