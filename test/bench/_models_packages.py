"""Networks of torchvision and timm, randomly initialised, on images as small as they take."""
import functools

IMAGE = (3, 32, 32)


def rows():
    return [*_torchvision_rows(), *_timm_rows()]


def _torchvision_rows():
    from torchvision import models
    plain = dict(weights=None, num_classes=5)
    swin = functools.partial(models.SwinTransformer, patch_size=[4, 4], embed_dim=16, depths=[2, 2], num_heads=[2, 4],
                             window_size=[4, 4], stochastic_depth_prob=0.0, num_classes=5)
    vit = functools.partial(models.VisionTransformer, image_size=32, patch_size=8, num_layers=2, num_heads=4,
                            hidden_dim=32, mlp_dim=64, num_classes=5)
    made = {
        "vision transformer, 2 layers of 32": vit,
        "swin, 2 stages of 16": swin,
        "squeezenet1_1": lambda: models.squeezenet1_1(**plain),
        "resnet18": lambda: models.resnet18(**plain),
        "densenet, growth 8": lambda: models.DenseNet(8, (2, 2, 2), 16, num_classes=5),
        "shufflenet_v2_x0_5": lambda: models.shufflenet_v2_x0_5(**plain),
        "mobilenet_v2, width 0.25": lambda: models.mobilenet_v2(width_mult=0.25, **plain),
        "mobilenet_v3_small": lambda: models.mobilenet_v3_small(**plain),
    }
    return [(f"torchvision: {name}", make, [IMAGE]) for name, make in made.items()]


TIMM = {  # name: size of the image
    "test_vit": 160,
    "test_convnext": 32,
    "test_efficientnet": 32,
    "test_byobnet": 32,
    "resnet10t": 32,
    "lcnet_035": 32,
}


def _timm_rows():
    import timm
    from timm.models.mlp_mixer import MlpMixer
    mixer = functools.partial(MlpMixer, img_size=32, patch_size=8, num_blocks=2, embed_dim=32, num_classes=5)
    named = [(f"timm: {name}", functools.partial(timm.create_model, name, num_classes=5), [(3, size, size)])
             for name, size in TIMM.items()]
    return [("timm: MLP-Mixer, 2 blocks of 32", mixer, [IMAGE]), *named]
