//! What `kazasu sign` is told.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use pades::Target;
use pades::revision::Permission;

use super::{PasswordArguments, ReaderArguments, TimestampArguments, TrustArguments};
use crate::stamp::StampPlace;

#[derive(Args)]
pub(crate) struct SignArguments {
    /// 署名するPDF。複数（50件まで）なら、1回のパスワードと1回のかざしで署名 / PDFs to sign: up to fifty, with one password in one touch
    #[arg(required = true, num_args = 1..=50)]
    pub(crate) input: Vec<PathBuf>,
    /// 署名したPDFの保存先 / Where to write the signed PDF
    #[arg(short, long, required_unless_present = "output_dir", conflicts_with = "output_dir")]
    pub(crate) output: Option<PathBuf>,
    /// 署名したPDFを、もとの名前で保存するフォルダー / Folder for the signed PDFs, which keep their names
    #[arg(long, value_name = "FOLDER")]
    pub(crate) output_dir: Option<PathBuf>,
    /// 保存先が既にあれば置き換える / Replace the output if it exists
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// 署名する人の氏名（証明書の氏名と照合） / Name of the signer, compared with the certificate's
    #[arg(long)]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) form: FormArguments,
    #[command(flatten)]
    pub(crate) stamp: StampArguments,
    #[command(flatten)]
    pub(crate) password: PasswordArguments,
    #[command(flatten)]
    pub(crate) timestamp: TimestampArguments,
    #[command(flatten)]
    pub(crate) trust: TrustArguments,
    #[command(flatten)]
    pub(crate) reader: ReaderArguments,
}

#[derive(Args)]
pub(crate) struct StampArguments {
    /// 氏名と日時の見えるスタンプ。例 last:bottom-right、1:top-left,20,15,60（角からの横と縦、幅。mm）、field:欄の名前 / Visible stamp with name and time: PAGE:CORNER[,X,Y[,WIDTH]] in mm from the corner, or field:NAME for an empty signature field
    #[arg(long, value_name = "PLACE", requires = "name", value_parser = StampPlace::parse)]
    pub(crate) stamp: Option<StampPlace>,
    /// スタンプに書く理由 / Reason to write into the stamp
    #[arg(long, value_name = "TEXT", requires = "stamp")]
    pub(crate) stamp_reason: Option<String>,
}

#[derive(Args)]
pub(crate) struct FormArguments {
    /// 署名の形 / Form of the signature
    #[arg(long, value_name = "FORM", value_enum, default_value_t = Form::Contract, requires_if("registry", "name"))]
    pub(crate) form: Form,
    /// 署名する、空の署名欄の名前。省くと新しい欄を作る / Empty signature field to sign in, by its full name; without it a new one is made
    #[arg(long, value_name = "NAME", conflicts_with = "stamp")]
    pub(crate) field: Option<String>,
    /// 最初の署名者として、署名後に許すことを決める / As the first signer, say what may follow the signature
    #[arg(long, value_name = "WHAT", value_enum)]
    pub(crate) certify: Option<Certify>,
}

/// Who the signature is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// 契約書など（PAdES、ETSI.CAdES.detached） / Contracts and everybody else
    Contract,
    /// 登記など（adbe.pkcs7.detached、--name が必要） / Registry offices; needs --name
    Registry,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Certify {
    /// 何も許さない（タイムスタンプだけ） / Nothing but time stamps
    Nothing,
    /// フォームの記入と、次の署名 / Forms filled in and further signatures
    Forms,
}

impl FormArguments {
    pub(crate) fn target(&self) -> Target {
        match self.form {
            Form::Contract => Target::Pades,
            Form::Registry => Target::Pkcs7,
        }
    }

    pub(crate) fn certification(&self) -> Option<Permission> {
        self.certify.map(|certify| match certify {
            Certify::Nothing => Permission::Nothing,
            Certify::Forms => Permission::FormFillingAndSigning,
        })
    }
}
