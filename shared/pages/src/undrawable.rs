/// Something in the document that would not be shown, or that other readers
/// would show otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Undrawable {
    /// Counted from 0; `None` for the document as a whole.
    pub page: Option<usize>,
    pub construct: Construct,
}

/// What is not drawn, named so that a person can look for it.
///
/// The words belong to the shells; they choose them by [`Construct::code`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Construct {
    Annotation3d,
    AnnotationWithoutAppearance,
    AttachedFile,
    BlendMode,
    BrokenContent,
    BrokenPageTree,
    ColorSpace,
    DynamicForm,
    ExternalContent,
    Filter,
    Font,
    FormNeedsAppearances,
    HiddenLayer,
    Image,
    KnockoutGroup,
    MissingGlyph,
    MissingResource,
    Multimedia,
    NestedTooDeep,
    Pattern,
    Portfolio,
    PostScript,
    PrintedOnly,
    Script,
    Shading,
    SoftMask,
    TooLargeImage,
    TransferFunction,
    UnknownAction,
    UnknownAnnotation,
    UnknownOperator,
}

impl Construct {
    /// A name that stays the same in messages, logs and translations.
    pub fn code(self) -> &'static str {
        match self {
            Self::Annotation3d => "annotation-3d",
            Self::AnnotationWithoutAppearance => "annotation-without-appearance",
            Self::AttachedFile => "attached-file",
            Self::BlendMode => "blend-mode",
            Self::BrokenContent => "broken-content",
            Self::BrokenPageTree => "broken-page-tree",
            Self::ColorSpace => "color-space",
            Self::DynamicForm => "dynamic-form",
            Self::ExternalContent => "external-content",
            Self::Filter => "filter",
            Self::Font => "font",
            Self::FormNeedsAppearances => "form-needs-appearances",
            Self::HiddenLayer => "hidden-layer",
            Self::Image => "image",
            Self::KnockoutGroup => "knockout-group",
            Self::MissingGlyph => "missing-glyph",
            Self::MissingResource => "missing-resource",
            Self::Multimedia => "multimedia",
            Self::NestedTooDeep => "nested-too-deep",
            Self::Pattern => "pattern",
            Self::Portfolio => "portfolio",
            Self::PostScript => "postscript",
            Self::PrintedOnly => "printed-only",
            Self::Script => "script",
            Self::Shading => "shading",
            Self::SoftMask => "soft-mask",
            Self::TooLargeImage => "too-large-image",
            Self::TransferFunction => "transfer-function",
            Self::UnknownAction => "unknown-action",
            Self::UnknownAnnotation => "unknown-annotation",
            Self::UnknownOperator => "unknown-operator",
        }
    }
}
